"""Copies of what others keep: who writes, and whom to write to."""
