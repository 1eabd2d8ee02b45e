"""Booking's memory: the only room that knows MongoDB.

Everything that a family or a service asks for is filtered by the organisation of its context; sweeps alone
look over all organisations. What a seat is worth is in the seats documents; everything else here serves to
show or to find.
"""

from typing import Any

from pymongo.database import Database

from booking.store.bookings import Bookings
from booking.store.children import Children
from booking.store.confirmations import Confirmations
from booking.store.drafts import Drafts
from booking.store.numbers import Numbers
from booking.store.offer import Offers
from booking.store.organisations import Organisations
from booking.store.seats import Seats


class Store:
    """The rooms of the memory, one per noun."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.organisations = Organisations(database)
        self.children = Children(database)
        self.offers = Offers(database, self.organisations)
        self.drafts = Drafts(database)
        self.confirmations = Confirmations(database)
        self.bookings = Bookings(database)
        self.numbers = Numbers(database)
        self.seats = Seats(database)

    @staticmethod
    def ensure_indexes(database: Database[dict[str, Any]]) -> None:
        """Create the indexes of every collection."""
        for room in (Children, Offers, Drafts, Confirmations, Bookings, Seats):
            room.ensure_indexes(database)
