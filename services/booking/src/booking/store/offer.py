"""What organisations offer: centres, activities, periods, holidays and closures, imported by booking itself.

An offer is small and changes by import only; it is read whole and remembered for two seconds per process.
What a booking consumes is checked in the seats document, never here.
"""

import time as monotonic_time
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pymongo import ASCENDING, ReplaceOne
from pymongo.database import Database

from booking.model import Activity, Period
from booking.model.offer import Centre, Closure, ClosureKind, Offer
from booking.model.people import Organisation
from booking.store.activities import activity_of, activity_row
from booking.store.organisations import Organisations
from chassis.values.context import Context

CACHE_S = 2.0
_COLLECTIONS = ("centres", "activities", "periods", "days_off")


class Offers:
    """Everything an organisation offers, as one `Offer`."""

    def __init__(self, database: Database[dict[str, Any]], organisations: Organisations) -> None:
        self._database = database
        self._organisations = organisations
        self._remembered: dict[str, tuple[float, Offer | None]] = {}

    @staticmethod
    def ensure_indexes(database: Database[dict[str, Any]]) -> None:
        """Every collection of the offer is read by organisation."""
        for name in _COLLECTIONS:
            database[name].create_index([("organisation_id", ASCENDING)], name=f"{name}_of_organisation")

    def find(self, context: Context) -> Offer | None:
        """Give the offer of the context's organisation, two seconds old at most; None for an unknown one."""
        organisation_id = context.organisation_id or ""
        read_at, offer = self._remembered.get(organisation_id, (-CACHE_S, None))
        now = monotonic_time.monotonic()
        if offer is None or now - read_at >= CACHE_S:
            offer = self.read(context)
            self._remembered[organisation_id] = (now, offer)
        return offer

    def read(self, context: Context) -> Offer | None:
        """Read the offer from the database."""
        organisation = self._organisations.find(context)
        return None if organisation is None else self._read(context, organisation)

    def keep_centres(self, context: Context, centres: Sequence[Centre]) -> None:
        """Add or replace centres."""
        self._replace("centres", context, ({"_id": centre.id, "name": centre.name} for centre in centres))

    def keep_activities(self, context: Context, activities: Sequence[Activity]) -> None:
        """Add or replace activities."""
        self._replace("activities", context, (activity_row(activity) for activity in activities))

    def keep_periods(self, context: Context, periods: Sequence[Period]) -> None:
        """Add or replace periods."""
        self._replace("periods", context, (_period_row(period) for period in periods))

    def keep_holidays(self, context: Context, holidays: dict[date, str]) -> None:
        """Add or rename public holidays."""
        rows = (
            {
                "_id": f"{context.organisation_id}:{day}",
                "kind": "holiday",
                "day": day.isoformat(),
                "name": name,
            }
            for day, name in holidays.items()
        )
        self._replace("days_off", context, rows)

    def keep_closures(self, context: Context, closures: Sequence[Closure]) -> None:
        """Add or rename closures and school holidays; a closure is known by its kind, centre and days."""
        self._replace("days_off", context, (_closure_row(context, closure) for closure in closures))

    def _read(self, context: Context, organisation: Organisation) -> Offer:
        days_off = list(self._rows("days_off", context))
        return Offer(
            organisation=organisation,
            centres={row["_id"]: Centre(row["_id"], row["name"]) for row in self._rows("centres", context)},
            activities={row["_id"]: activity_of(row) for row in self._rows("activities", context)},
            periods=tuple(
                sorted(
                    (_period_of(row) for row in self._rows("periods", context)),
                    key=lambda p: (p.starts_on, p.id),
                )
            ),
            holidays={
                date.fromisoformat(row["day"]): row["name"] for row in days_off if row["kind"] == "holiday"
            },
            closures=tuple(_closure_of(row) for row in days_off if row["kind"] != "holiday"),
        )

    def _rows(self, collection: str, context: Context) -> Iterable[dict[str, Any]]:
        return self._database[collection].find({"organisation_id": context.organisation_id})

    def _replace(self, collection: str, context: Context, rows: Iterable[dict[str, Any]]) -> None:
        own = {"organisation_id": context.organisation_id}
        writes = [ReplaceOne({"_id": row["_id"], **own}, {**row, **own}, upsert=True) for row in rows]
        if writes:
            self._database[collection].bulk_write(writes, ordered=False)
        self._remembered.pop(context.organisation_id or "", None)


def _period_row(period: Period) -> dict[str, Any]:
    return {
        "_id": period.id,
        "name": period.name,
        "centre_ids": list(period.centre_ids),
        "starts_on": period.starts_on.isoformat(),
        "ends_on": period.ends_on.isoformat(),
        "opens_at": period.opens_at,
        "closes_at": period.closes_at,
    }


def _period_of(row: dict[str, Any]) -> Period:
    return Period(
        id=row["_id"],
        name=row["name"],
        centre_ids=tuple(row["centre_ids"]),
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]),
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
    )


def _closure_row(context: Context, closure: Closure) -> dict[str, Any]:
    parts = (
        context.organisation_id,
        closure.kind.value,
        closure.centre_id or "",
        closure.starts_on,
        closure.ends_on,
    )
    return {
        "_id": ":".join(str(part) for part in parts),
        "kind": closure.kind.value,
        "centre_id": closure.centre_id,
        "starts_on": closure.starts_on.isoformat(),
        "ends_on": closure.ends_on.isoformat(),
        "name": closure.name,
    }


def _closure_of(row: dict[str, Any]) -> Closure:
    return Closure(
        centre_id=row["centre_id"],
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]),
        name=row["name"],
        kind=ClosureKind(row["kind"]),
    )
