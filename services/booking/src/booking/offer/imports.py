"""Importing the offer from files: centres, activities, periods, holidays, closures.

Every line is judged alone, a bad one is told with its reason; what the columns mean is told in the service's
README.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time as time_of_day
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from booking.copies.store import Organisations
from booking.offer.model import (
    Activity,
    Centre,
    Closure,
    ClosureKind,
    Gauge,
    OpeningPattern,
    OpenOn,
    PartOfDay,
    Period,
)
from booking.offer.rules.deadline_text import NotADeadline, read_deadline
from booking.offer.rules.deadlines import wall_instant
from booking.offer.store import Offers
from booking.vocabulary import ChargingMode, DayPart, DecisionMode
from chassis.doors.call import Call
from chassis.values.ids import named_id
from chassis.values.tables import Fault, Parts, Row, read_table
from chassis.values.text import Text

POLL_S = 0.2
MIDNIGHT = time_of_day()


def reference() -> Text:
    """A column in which the files name something in their own way."""
    return Text(max_length=100, required=True)


def _whole(most: int) -> fields.Integer:
    return fields.Integer(load_default=None, validate=validate.Range(min=0, max=most))


def _hour() -> fields.Time:
    return fields.Time(required=True, format="%H:%M")


class CentreRow(Schema):
    """One line of centres.csv."""

    reference = reference()
    name = Text(max_length=200, required=True)


class ActivityRow(Schema):
    """One line of activities.csv; an empty capacity is unlimited, an empty waiting_max is no waiting list."""

    reference = reference()
    name = Text(max_length=200, required=True)
    group = Text(max_length=200, required=True)
    centre_references = Parts(max_length=100, required=True)
    day_part = fields.String(required=True, validate=validate.OneOf([*DayPart]))
    arrives_at = _hour()
    leaves_at = _hour()
    capacity = _whole(100_000)
    waiting_max = fields.Integer(load_default=0, validate=validate.Range(min=0, max=100_000))
    decision_mode = fields.String(load_default="instant", validate=validate.OneOf([*DecisionMode]))
    charging_mode = fields.String(required=True, validate=validate.OneOf([*ChargingMode]))
    needs_enrolment = fields.Boolean(load_default=False)
    age_min = _whole(120)
    age_max = _whole(120)
    weekdays = Parts(max_length=1, required=True, validate=validate.Length(min=1, max=7))
    on = fields.String(required=True, validate=validate.OneOf([*OpenOn]))
    booking_deadline = Text(max_length=200, required=True)
    cancelling_deadline = Text(max_length=200, required=True)

    @validates_schema
    def _in_order(self, data: dict[str, object], **_: object) -> None:
        if data["arrives_at"] >= data["leaves_at"]:  # type: ignore[operator]
            raise ValidationError("Leaves before it arrives.", "leaves_at")
        if not set(data["weekdays"]) <= set("1234567"):  # type: ignore[call-overload]
            raise ValidationError("Weekdays are 1 (Monday) to 7 (Sunday).", "weekdays")


class PeriodRow(Schema):
    """One line of periods.csv; booking opens at the start of opens_on and ends with closes_on."""

    reference = reference()
    name = Text(max_length=200, required=True)
    centre_references = Parts(max_length=100, required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    opens_on = fields.Date(load_default=None)
    closes_on = fields.Date(load_default=None)

    @validates_schema
    def _in_order(self, data: dict[str, object], **_: object) -> None:
        if data["starts_on"] > data["ends_on"]:  # type: ignore[operator]
            raise ValidationError("Ends before it starts.", "ends_on")


class HolidayRow(Schema):
    """One line of holidays.csv."""

    day = fields.Date(required=True)
    name = Text(max_length=200, required=True)


class ClosureRow(Schema):
    """One line of closures.csv; without a centre it counts for all, withdrawn its days are open again."""

    centre_reference = Text(max_length=100, load_default=None)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    name = Text(max_length=200, required=True)
    kind = fields.String(required=True, validate=validate.OneOf([*ClosureKind]))
    withdrawn = fields.Boolean(load_default=False)

    @validates_schema
    def _in_order(self, data: dict[str, object], **_: object) -> None:
        if data["starts_on"] > data["ends_on"]:  # type: ignore[operator]
            raise ValidationError("Ends before it starts.", "ends_on")


@dataclass(slots=True)
class OfferImport:
    """One run over one directory: what it read, the closures among it, and each fault."""

    call: Call[Any]
    directory: Path
    wait_s: float
    read: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    withdrawn: list[Closure] = field(default_factory=list)

    def may_start(self) -> bool:
        """Wait until the organisation was heard of; its time zone decides what days and hours mean."""
        deadline = time.monotonic() + self.wait_s
        organisations = self.call.store(Organisations)
        while (known := organisations.find(self.call.scope)) is None and time.monotonic() < deadline:
            time.sleep(POLL_S)
        return known is not None

    def run(self) -> None:
        """Import centres, activities, periods, holidays, closures: in this order they name one another."""
        offers, scope = self.call.store(Offers), self.call.scope
        known = offers.read(scope)
        if known is None:
            return
        zone = ZoneInfo(known.organisation.time_zone)
        centres = [
            Centre(self._id("centre", row.cells["reference"]), row.cells["name"])
            for row in self._rows("centres.csv", CentreRow())
        ]
        offers.keep_centres(scope, centres)
        places = set(known.centres) | {centre.id for centre in centres}
        offers.keep_activities(scope, list(self._activities(places)))
        offers.keep_periods(scope, list(self._periods(places, zone)))
        holidays = self._rows("holidays.csv", HolidayRow())
        offers.keep_holidays(scope, {row.cells["day"]: row.cells["name"] for row in holidays})
        for closure, ended in self._closures(places):
            (self.withdrawn if ended else self.closures).append(closure)
        offers.keep_closures(scope, self.closures)
        for closure in self.withdrawn:
            offers.drop_closure(scope, closure)

    def _activities(self, places: set[str]) -> Iterator[Activity]:
        for row in self._rows("activities.csv", ActivityRow()):
            centres = self._centres(row, row.cells["centre_references"], places)
            if centres is None:
                continue
            try:
                yield self._activity(row, centres)
            except NotADeadline as error:
                self.faults.append(row.fault("booking_deadline, cancelling_deadline", str(error)))

    def _activity(self, row: Row, centre_ids: tuple[str, ...]) -> Activity:
        cells = row.cells
        part = PartOfDay(DayPart(cells["day_part"]), cells["arrives_at"], cells["leaves_at"])
        return Activity(
            id=self._id("activity", cells["reference"]),
            organisation_id=self.call.scope.organisation_id,
            name=cells["name"],
            group=cells["group"],
            centre_ids=centre_ids,
            parts=(part,),
            gauges=tuple(Gauge(name, cells["capacity"]) for name in part.gauges),
            waiting_max=cells["waiting_max"],
            pattern=OpeningPattern(frozenset(map(int, cells["weekdays"])), OpenOn(cells["on"])),
            booking_deadline=read_deadline(cells["booking_deadline"]),
            cancelling_deadline=read_deadline(cells["cancelling_deadline"]),
            decision_mode=DecisionMode(cells["decision_mode"]),
            charging_mode=ChargingMode(cells["charging_mode"]),
            needs_enrolment=cells["needs_enrolment"],
            age_min=cells["age_min"],
            age_max=cells["age_max"],
        )

    def _periods(self, places: set[str], zone: ZoneInfo) -> Iterator[Period]:
        for row in self._rows("periods.csv", PeriodRow()):
            cells = row.cells
            centres = self._centres(row, cells["centre_references"], places)
            if centres is None:
                continue
            opens_on, closes_on = cells["opens_on"], cells["closes_on"]
            yield Period(
                id=self._id("period", cells["reference"]),
                name=cells["name"],
                centre_ids=centres,
                starts_on=cells["starts_on"],
                ends_on=cells["ends_on"],
                opens_at=wall_instant(opens_on, MIDNIGHT, zone) if opens_on else None,
                closes_at=wall_instant(closes_on + timedelta(days=1), MIDNIGHT, zone) if closes_on else None,
            )

    def _closures(self, places: set[str]) -> Iterator[tuple[Closure, bool]]:
        for row in self._rows("closures.csv", ClosureRow()):
            cells, centre_id = row.cells, None
            if cells["centre_reference"]:
                centres = self._centres(row, [cells["centre_reference"]], places)
                if centres is None:
                    continue
                centre_id = centres[0]
            kind = ClosureKind(cells["kind"])
            yield (
                Closure(centre_id, cells["starts_on"], cells["ends_on"], cells["name"], kind),
                cells["withdrawn"],
            )

    def _centres(self, row: Row, references: list[str], places: set[str]) -> tuple[str, ...] | None:
        ids = tuple(self._id("centre", reference) for reference in references)
        if ids and set(ids) <= places:
            return ids
        column = "centre_reference" if "centre_reference" in row.cells else "centre_references"
        self.faults.append(row.fault(column, "No centre has this reference."))
        return None

    def _rows(self, file: str, schema: Schema) -> list[Row]:
        found, faults = read_table(self.directory / file, schema)
        self.read[file] += len(found)
        self.faults += faults
        return found

    def _id(self, kind: str, reference: str) -> str:
        return named_id(self.call.scope.organisation_id, kind, reference)
