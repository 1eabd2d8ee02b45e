"""Numbers of requests, "2026-000123": unique and rising per organisation and year, but not without gaps.

Each process takes a block of numbers at a time, so that a confirmation does not wait for a counter.
"""

from typing import Any

from pymongo import ReturnDocument
from pymongo.database import Database

from chassis.values.context import Context

BLOCK = 50


class Numbers:
    """Gives out numbers of the blocks that this process has taken."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._rows = database["request_numbers"]
        self._blocks: dict[str, tuple[int, int]] = {}

    def take(self, context: Context, year: int, count: int) -> list[str]:
        """Give `count` fresh numbers of a year."""
        return [f"{year}-{self._next(f'{context.organisation_id}:{year}'):06d}" for _ in range(count)]

    def _next(self, series: str) -> int:
        number, end = self._blocks.get(series, (0, 0))
        if number >= end:
            row = self._rows.find_one_and_update(
                {"_id": series}, {"$inc": {"last": BLOCK}}, upsert=True, return_document=ReturnDocument.AFTER
            )
            if row is None:
                raise LookupError("an upsert gives the document back")
            end = int(row["last"]) + 1
            number = end - BLOCK
        self._blocks[series] = (number + 1, end)
        return number
