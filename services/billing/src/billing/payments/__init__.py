"""Payments: money that came in; how it was tried to pay is in `attempts`."""
