"""The book of bookings: one row with its history per booking, folded from the events of its seat."""
