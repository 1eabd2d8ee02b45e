"""Numbers of requests, given out in blocks."""

from pymongo import ReturnDocument
from pymongo.database import Database

from chassis.storage.documents import Document
from chassis.values.scope import Scope

BLOCK = 50
"""Numbers of requests that a process takes at a time, so that a confirmation does not wait for a counter."""


class Numbers:
    """Gives out numbers of requests, "2026-000123", of the blocks that this process has taken.

    They are unique and rise per organisation and year, but not without gaps.
    """

    def __init__(self, database: Database[Document]) -> None:
        self._rows = database["request_numbers"]
        self._blocks: dict[str, tuple[int, int]] = {}

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create nothing: a series is found by its key."""

    def take(self, scope: Scope, year: int, count: int) -> list[str]:
        """`count` fresh numbers of a year."""
        series, numbers = f"{scope.organisation_id}:{year}", []
        for _ in range(count):
            number, end = self._blocks.get(series, (0, 0))
            if number >= end:
                row = self._rows.find_one_and_update(
                    {"_id": series},
                    {"$inc": {"last": BLOCK}},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
                if row is None:
                    raise LookupError("an upsert gives the document back")
                end = int(row["last"]) + 1
                number = end - BLOCK
            self._blocks[series] = (number + 1, end)
            numbers.append(f"{year}-{number:06d}")
        return numbers
