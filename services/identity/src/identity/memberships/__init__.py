"""Memberships: where an account belongs."""
