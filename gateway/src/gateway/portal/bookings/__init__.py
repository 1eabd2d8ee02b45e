"""My bookings: what was booked, in which state, and cancelling one of them."""
