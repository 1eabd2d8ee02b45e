"""Leases: which copy of a service does what only one may do at a time, by the database's clock."""

import time
from datetime import UTC, datetime
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

_EXPIRED = datetime(1970, 1, 1, tzinfo=UTC)


class Lease:
    """The lease called `name`, kept as one document and renewed by whoever holds it.

    It ends `lasts_s` after it was taken or renewed; a third of that is left to the holder before it asks
    again. A holder that was frozen past its lease may still finish what it does beside its successor: that
    must be harmless.
    """

    def __init__(self, leases: Collection[dict[str, Any]], name: str, holder: str, *, lasts_s: float) -> None:
        self._leases = leases
        self._name = name
        self._holder = holder
        self._lasts_s = lasts_s
        self._renew_at = 0.0

    @property
    def name(self) -> str:
        """Return what it is called."""
        return self._name

    @property
    def fresh(self) -> bool:
        """Say whether it was taken or renewed so lately that nobody else can have it."""
        return time.monotonic() < self._renew_at

    def held(self) -> bool:
        """Take or renew the lease and return True; False while another copy holds it."""
        if self.fresh:
            return True
        now = time.monotonic()
        until = {
            "$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": int(self._lasts_s * 1000)}
        }
        renewed = {"holder": {"$literal": self._holder}, "until": until, "renewed_at": "$$NOW"}
        taken = self._leases.update_one(
            {"_id": self._name, "$or": [{"holder": self._holder}, {"$expr": {"$lt": ["$until", "$$NOW"]}}]},
            [{"$set": renewed}],
        )
        held = taken.matched_count == 1
        self._renew_at = now + self._lasts_s / 3 if held else 0.0
        return held

    def state(self) -> tuple[bool, float | None]:
        """Return whether this holder has it now, and how many seconds ago anybody took or renewed it.

        None where nobody ever did. Nothing is taken by looking.
        """
        stages: list[dict[str, Any]] = [
            {"$match": {"_id": self._name}},
            {
                "$project": {
                    "held": {
                        "$and": [
                            {"$eq": ["$holder", {"$literal": self._holder}]},
                            {"$gte": ["$until", "$$NOW"]},
                        ]
                    },
                    "age_ms": {"$subtract": ["$$NOW", "$renewed_at"]},
                }
            },
        ]
        found = next(iter(self._leases.aggregate(stages)), None)
        if found is None:
            return False, None
        age_ms = found.get("age_ms")
        return bool(found["held"]), None if age_ms is None else age_ms / 1000

    def prepare(self) -> None:
        """Make sure that there is a lease to take; one that nobody holds has long expired."""
        try:
            self._leases.insert_one({"_id": self._name, "holder": "", "until": _EXPIRED})
        except DuplicateKeyError:
            return

    def release(self) -> None:
        """Let the next copy go on at once."""
        self._renew_at = 0.0
        self._leases.update_one({"_id": self._name, "holder": self._holder}, {"$set": {"until": _EXPIRED}})
