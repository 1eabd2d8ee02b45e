"""Bookings as a family reads them: its days, on a page and in its own calendar."""

from gateway.portal.days.stays import Stay, by_day, first_names, held, held_of, of_confirmation

__all__ = ["Stay", "by_day", "first_names", "held", "held_of", "of_confirmation"]
