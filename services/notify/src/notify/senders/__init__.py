"""Senders: who an organisation's mails are from."""
