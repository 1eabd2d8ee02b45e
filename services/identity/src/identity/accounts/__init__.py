"""Accounts: one per person."""
