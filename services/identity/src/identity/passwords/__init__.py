"""Passwords: which are taken."""
