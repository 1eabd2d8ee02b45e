"""What organisations offer: centres, activities, periods, holidays and closures, imported by booking itself.

An offer is small and changes by import only; it is read whole and remembered for two seconds per process.
What a booking consumes is checked in the seats document, never here.
"""

import time as monotonic_time
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from pymongo import ASCENDING, ReplaceOne
from pymongo.database import Database

from booking.copies.model import Organisation
from booking.copies.store import Organisations
from booking.offer.model import (
    Activity,
    Afterwards,
    Anchor,
    Centre,
    Closure,
    ClosureKind,
    Counting,
    DeadlineRule,
    Gauge,
    Offer,
    OpeningPattern,
    OpenOn,
    PartOfDay,
    Period,
    Unit,
)
from booking.vocabulary import ChargingMode, DayPart, DecisionMode
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


def activity_row(activity: Activity) -> dict[str, Any]:
    """Give the document of an activity."""
    pattern = activity.pattern
    return {
        "_id": activity.id,
        "name": activity.name,
        "group": activity.group,
        "centre_ids": list(activity.centre_ids),
        "parts": [_part_row(part) for part in activity.parts],
        "gauges": [{"name": gauge.name, "max": gauge.max} for gauge in activity.gauges],
        "waiting_max": activity.waiting_max,
        "pattern": {
            "weekdays": sorted(pattern.weekdays),
            "on": pattern.on.value,
            "starts_on": pattern.starts_on.isoformat() if pattern.starts_on else None,
            "ends_on": pattern.ends_on.isoformat() if pattern.ends_on else None,
        },
        "booking_deadline": _rule_row(activity.booking_deadline),
        "cancelling_deadline": _rule_row(activity.cancelling_deadline),
        "decision_mode": activity.decision_mode.value,
        "charging_mode": activity.charging_mode.value,
        "needs_enrolment": activity.needs_enrolment,
        "age_min": activity.age_min,
        "age_max": activity.age_max,
        "promotes_late": activity.promotes_late,
    }


def activity_of(row: dict[str, Any]) -> Activity:
    """Read an activity's document."""
    pattern = row["pattern"]
    return Activity(
        id=row["_id"],
        organisation_id=row["organisation_id"],
        name=row["name"],
        group=row["group"],
        centre_ids=tuple(row["centre_ids"]),
        parts=tuple(_part_of(part) for part in row["parts"]),
        gauges=tuple(Gauge(gauge["name"], gauge["max"]) for gauge in row["gauges"]),
        waiting_max=row["waiting_max"],
        pattern=OpeningPattern(
            weekdays=frozenset(pattern["weekdays"]),
            on=OpenOn(pattern["on"]),
            starts_on=date.fromisoformat(pattern["starts_on"]) if pattern["starts_on"] else None,
            ends_on=date.fromisoformat(pattern["ends_on"]) if pattern["ends_on"] else None,
        ),
        booking_deadline=_rule_of(row["booking_deadline"]),
        cancelling_deadline=_rule_of(row["cancelling_deadline"]),
        decision_mode=DecisionMode(row["decision_mode"]),
        charging_mode=ChargingMode(row["charging_mode"]),
        needs_enrolment=row["needs_enrolment"],
        age_min=row["age_min"],
        age_max=row["age_max"],
        promotes_late=row["promotes_late"],
    )


def _part_row(part: PartOfDay) -> dict[str, Any]:
    return {
        "day_part": part.day_part.value,
        "arrives": part.arrives.isoformat("minutes"),
        "leaves": part.leaves.isoformat("minutes"),
        "gauges": list(part.gauges),
    }


def _part_of(row: dict[str, Any]) -> PartOfDay:
    return PartOfDay(
        day_part=DayPart(row["day_part"]),
        arrives=time.fromisoformat(row["arrives"]),
        leaves=time.fromisoformat(row["leaves"]),
        gauges=tuple(row["gauges"]),
    )


def _rule_row(rule: DeadlineRule) -> dict[str, Any]:
    return {
        "anchor": rule.anchor.value,
        "on": rule.on,
        "offset": rule.offset,
        "unit": rule.unit.value,
        "counting": rule.counting.value,
        "weekdays": sorted(rule.weekdays),
        "skip_holidays": rule.skip_holidays,
        "skip_closures": rule.skip_closures,
        "cut_off_minutes": rule.cut_off_minutes,
        "afterwards": rule.afterwards.value,
    }


def _rule_of(row: dict[str, Any]) -> DeadlineRule:
    return DeadlineRule(
        anchor=Anchor(row["anchor"]),
        on=row["on"],
        offset=row["offset"],
        unit=Unit(row["unit"]),
        counting=Counting(row["counting"]),
        weekdays=frozenset(row["weekdays"]),
        skip_holidays=row["skip_holidays"],
        skip_closures=row["skip_closures"],
        cut_off_minutes=row["cut_off_minutes"],
        afterwards=Afterwards(row["afterwards"]),
    )
