"""Which copy of a service sends: one at a time per source, so that events keep their order."""

import time
from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

COLLECTION = "relay_leases"
LEASE_S = 3.0
RENEW_AFTER_S = 1.0


class Lease:
    """A lease on the source `name`, measured by the database's clock and renewed by whoever holds it.

    A holder that was frozen past its lease may still finish a batch beside its successor: an event is then
    sent twice, which subscribers must bear anyway.
    """

    def __init__(self, database: Database[dict[str, Any]], name: str, holder: str) -> None:
        self._leases = database[COLLECTION]
        self._name = name
        self._holder = holder
        self._renew_at = 0.0

    @property
    def fresh(self) -> bool:
        """Whether it was taken or renewed so lately that nobody else can have it."""
        return time.monotonic() < self._renew_at

    def held(self) -> bool:
        """Take or renew the lease; False while another copy holds it."""
        if self.fresh:
            return True
        now = time.monotonic()
        until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": int(LEASE_S * 1000)}}
        taken = self._leases.update_one(
            {"_id": self._name, "$or": [{"holder": self._holder}, {"$expr": {"$lt": ["$until", "$$NOW"]}}]},
            [{"$set": {"holder": {"$literal": self._holder}, "until": until}}],
        )
        held = taken.matched_count == 1
        self._renew_at = now + RENEW_AFTER_S if held else 0.0
        return held

    def prepare(self) -> None:
        """Make sure that there is a lease to take; one that nobody holds has long run out."""
        try:
            self._leases.insert_one(
                {"_id": self._name, "holder": "", "until": datetime(1970, 1, 1, tzinfo=UTC)}
            )
        except DuplicateKeyError:
            return

    def release(self) -> None:
        """Let the next copy go on at once."""
        self._renew_at = 0.0
        self._leases.update_one(
            {"_id": self._name, "holder": self._holder}, {"$set": {"until": datetime(1970, 1, 1, tzinfo=UTC)}}
        )
