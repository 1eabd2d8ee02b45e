"""Settlements: what a confirmation or a promotion owes to each cash office, and how that ends."""
