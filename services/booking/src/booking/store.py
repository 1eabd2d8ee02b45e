"""Booking's memory: the only room that knows MongoDB.

Everything that a family or a service asks for is filtered by the organisation of its context; sweeps alone
look over all organisations. What a seat is worth is in the seats documents; everything else here serves to
show or to find.
"""

from typing import Any

from pymongo.database import Database

from booking.basket.store.drafts import Drafts
from booking.bookings.store import Bookings
from booking.confirmations.store.confirmations import Confirmations
from booking.confirmations.store.numbers import Numbers
from booking.copies.store import Children, Organisations
from booking.offer.store import Offers
from booking.seats.store import Seats


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
