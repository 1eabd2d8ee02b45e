"""Outgoing: every message with its state, until the mail server takes it."""
