"""The seats of a day in MongoDB: each operation is one atomic update with an aggregation pipeline.

The pure model in ``seats/rules`` is the oracle: ``steps`` and ``acts`` stand here and there,
``pipelines`` here and ``operations`` there. ``collection`` reads and writes, ``documents`` translates.
``deciding`` is the other way, for agents' acts: the model decides, and its decision is written.
"""

from booking.seats.store.collection import COLLECTION, EntryFilter, Seats
from booking.seats.store.documents import to_seats
from booking.seats.store.pipelines import (
    Change,
    book,
    cancel,
    pay,
    reshape,
    tick,
)

__all__ = [
    "COLLECTION",
    "Change",
    "EntryFilter",
    "Seats",
    "book",
    "cancel",
    "pay",
    "reshape",
    "tick",
    "to_seats",
]
