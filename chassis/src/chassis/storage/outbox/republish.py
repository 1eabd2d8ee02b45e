"""Republishing: rows that were sent wait once more, as they are, for a consumer that has lost them.

Each keeps its id, its sequence and its instant: whoever recorded its effect does nothing a second time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.collection import Collection

from chassis.storage.documents.form import Document
from chassis.storage.mongo import Db
from chassis.storage.outbox import rows
from chassis.values.tables import in_batches

ROWS_READ = 5_000
ROWS_ARMED = 500
"""What one operation reads or writes: well within its 3 s, however many rows there are."""
_READ = dict.fromkeys(("name", "organisation_id", "sequence", "place", "sent_at", "pending"), 1)
_FIRST = ObjectId("0" * 24)
"""The place of rows of the release before, which have none."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which rows are sent again: those that were sent first at `since` or later; None means all."""

    since: datetime
    organisation_id: str | None = None
    name: str | None = None

    def has(self, row: Document) -> bool:
        """Say whether a row was sent, does not wait already, and is among the chosen."""
        return (
            "pending" not in row
            and row.get("sent_at", self.since) >= self.since
            and self.organisation_id in (None, row["organisation_id"])
            and self.name in (None, row["name"])
        )


def republish(database: Db, chosen: Chosen, collection: str = rows.COLLECTION) -> int:
    """Let the chosen rows wait to be sent again, behind all that waits, and return how many they are.

    They leave in the order of their first time. May be run beside the service and again after it was killed:
    what waits already is left alone. Keys of the chosen rows are held in memory, some 500 bytes for each.
    """
    outbox = database[collection]
    ids = [row_id for *_, row_id in sorted(_keys(outbox, chosen))]
    return sum(_arm(outbox, batch) for batch in in_batches(ids, ROWS_ARMED))


def _keys(outbox: Collection[Document], chosen: Chosen) -> Iterator[tuple[ObjectId, datetime, int, str]]:
    """Yield what sorts the chosen rows, and their ids; every row is looked at, page by page of the ids."""
    last = ""
    while page := list(outbox.find({"_id": {"$gt": last}}, _READ).sort("_id", 1).limit(ROWS_READ)):
        for row in page:
            if chosen.has(row):
                yield row.get("place", _FIRST), row["sent_at"], row["sequence"], row["_id"]
        last = page[-1]["_id"]


def _arm(outbox: Collection[Document], ids: Sequence[str]) -> int:
    writes = [
        UpdateOne({"_id": each, "pending": {"$exists": False}}, {"$set": {"pending": ObjectId()}})
        for each in ids
    ]
    return outbox.bulk_write(writes, ordered=True).modified_count
