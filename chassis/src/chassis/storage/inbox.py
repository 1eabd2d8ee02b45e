"""The inbox: which events a handler has already taken in, kept in the transaction of their effect."""

from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.storage.expiry import let_go
from chassis.values.clock import Clock
from chassis.values.event import Event

COLLECTION = "inbox"
KEPT_S = 62 * 86_400
"""Rows go after 62 days: twice as long as a sent outbox row is kept, so that no event that is republished, or
that was a dead letter meanwhile, finds its row gone."""


def once(
    database: Database[dict[str, Any]], event: Event, handler_name: str, session: ClientSession | None = None
) -> bool:
    """Say whether `handler_name` meets `event` for the first time, and remember that it did.

    Call it inside the transaction that keeps the effect: both are kept, or neither. A second delivery that
    runs at the same time makes one of the two transactions fail with a transient error, which
    `in_transaction` repeats.
    """
    key = f"{handler_name}:{event.id}"
    rows = database[COLLECTION]
    # Asked first, because a duplicate key inside a transaction aborts it.
    if rows.find_one({"_id": key}, {"_id": 1}, session=session) is not None:
        return False
    try:
        rows.insert_one({"_id": key, "event": event.name, "at": Clock().now()}, session=session)
    except DuplicateKeyError:
        if session is not None and session.in_transaction:
            raise
        return False
    return True


def ensure_indexes(database: Database[dict[str, Any]]) -> None:
    """Create the index that lets old rows go."""
    let_go(database[COLLECTION], "at", KEPT_S, name="inbox_kept_62_days", instead_of="inbox_kept")
