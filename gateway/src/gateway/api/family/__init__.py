"""What families use: the offer, calendars, the basket, bookings, money, the family file."""
