"""What a day costs before it is chosen: kept per family for a minute, left out while billing is silent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from flask import current_app

from chassis.values.cache import Cache
from gateway import clients, session
from gateway.clients.billing import Price
from gateway.errors import Failed, Refused, Unavailable

TTL_S: Final = 60.0
SILENT_TTL_S: Final = 10.0
ENTRIES_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by activity; an activity without one is not told a price. Amounts are integer cents."""

    by_activity: dict[str, list[Price]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Price]) -> "Prices":
        """Return prices as they are looked up."""
        found: dict[str, list[Price]] = {}
        for row in rows:
            found.setdefault(row.activity_id, []).append(row)
        return cls(found)

    def on(self, activity_id: str, day: str) -> int | None:
        """Return what an activity costs on a day; of several the one that began last."""
        rows = self.by_activity.get(activity_id, ())
        valid = [
            row for row in rows if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
        ]
        return max(valid, key=lambda row: row.valid_from).price_cents if valid else None

    def between(self, activity_id: str, first: date, last: date) -> tuple[int, int] | None:
        """Return the lowest and the highest price of an activity between two days."""
        rows = self.by_activity.get(activity_id, ())
        valid = [
            row.price_cents
            for row in rows
            if row.valid_from <= last.isoformat()
            and (row.valid_to is None or first.isoformat() <= row.valid_to)
        ]
        return (min(valid), max(valid)) if valid else None


def new_cache() -> Cache[tuple[str, str | None], Prices]:
    """Return the cache of one process (`app.extensions["prices"]`)."""
    return Cache(TTL_S, ENTRIES_MAX)


def known() -> Prices:
    """Return the family's prices."""
    opened = session.required()
    cache: Cache[tuple[str, str | None], Prices] = current_app.extensions["prices"]
    key = (opened.organisation.id, opened.family_id)
    found = cache.get(key)
    if found is None:
        try:
            found = Prices.of(clients.current().billing.list_prices(session.context()))
            cache.put(key, found)
        except (Refused, Unavailable, Failed):
            found = Prices()
            cache.put(key, found, ttl_s=SILENT_TTL_S)
    return found
