"""Preferences: how a person wants to be written to."""
