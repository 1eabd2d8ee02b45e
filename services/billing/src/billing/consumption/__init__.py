"""Consumption: bookings that are charged later, by invoice or when they are consumed."""
