"""Booking's stores by the name of what they keep, over the database of a test."""

from booking.stores import STORES
from chassis.storage.mongo import Stores

KINDS = Stores(STORES)


class Memory:
    """`memory.drafts`, `memory.seats`… of a database."""

    def __init__(self, database):
        self.by_kind = KINDS(database)
        vars(self).update({kind.__name__.lower(): store for kind, store in self.by_kind.items()})


def opened(database):
    """The memory of a database that has its indexes."""
    KINDS.ensure_indexes(database)
    return Memory(database)
