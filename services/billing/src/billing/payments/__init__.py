"""Payments: money that came in."""
