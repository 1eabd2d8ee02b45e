"""The book of bookings: rows with their histories, folded from the events of seats."""

from booking.bookings.store.book import COSTING, MAPPER, TOLD_AT_ONCE, Bookings, Filters, record_of
from booking.bookings.store.folding import complete, project

__all__ = ["COSTING", "MAPPER", "TOLD_AT_ONCE", "Bookings", "Filters", "complete", "project", "record_of"]
