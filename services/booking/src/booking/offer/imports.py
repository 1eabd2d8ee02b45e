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

from marshmallow import Schema, ValidationError, validates_schema

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
from chassis.values.fields import written
from chassis.values.ids import named_id
from chassis.values.tables import Fault, Row, cells, first_of_each, read_table

POLL_S = 0.2
CLOSURE = ("centre_reference", "starts_on", "ends_on", "kind")
MIDNIGHT = time_of_day()


def _ordered(data: dict[str, Any], first: str, last: str, fault: str) -> None:
    """Refuse a range that is upside down; one without one of its ends is none."""
    if data[first] is not None and data[last] is not None and data[first] > data[last]:
        raise ValidationError(fault, last)


class CentreRow(Schema):
    """One line of centres.csv."""

    reference = cells.reference()
    name = written(longest=200)


class ActivityRow(Schema):
    """One line of activities.csv; an empty capacity is unlimited, an empty waiting_max is no waiting list."""

    reference = cells.reference()
    name = written(longest=200)
    group = written(longest=200)
    centre_references = cells.Parts(cells.reference())
    day_part = cells.Choice(DayPart)
    arrives_at = cells.Hour()
    leaves_at = cells.Hour()
    capacity = cells.Whole(most=100_000, default=None)
    waiting_max = cells.Whole(most=100_000, default=0)
    decision_mode = cells.Choice(DecisionMode, default=DecisionMode.INSTANT)
    charging_mode = cells.Choice(ChargingMode)
    needs_enrolment = cells.YesNo(default=False)
    age_min = cells.Whole(most=120, default=None)
    age_max = cells.Whole(most=120, default=None)
    weekdays = cells.Parts(cells.Choice("1234567"))
    on = cells.Choice(OpenOn)
    booking_deadline = written(longest=200)
    cancelling_deadline = written(longest=200)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: object) -> None:
        _ordered(data, "arrives_at", "leaves_at", "Leaves before it arrives.")
        if data["arrives_at"] == data["leaves_at"]:
            raise ValidationError("Leaves as it arrives.", "leaves_at")
        _ordered(data, "age_min", "age_max", "The youngest is older than the oldest.")


class PeriodRow(Schema):
    """One line of periods.csv; booking opens at the start of opens_on and ends with closes_on."""

    reference = cells.reference()
    name = written(longest=200)
    centre_references = cells.Parts(cells.reference())
    starts_on = cells.Day()
    ends_on = cells.Day()
    opens_on = cells.Day(default=None)
    closes_on = cells.Day(default=None)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: object) -> None:
        _ordered(data, "starts_on", "ends_on", "Ends before it starts.")
        _ordered(data, "opens_on", "closes_on", "Booking closes before it opens.")


class HolidayRow(Schema):
    """One line of holidays.csv."""

    day = cells.Day()
    name = written(longest=200)


class ClosureRow(Schema):
    """One line of closures.csv; without a centre it counts for all, withdrawn its days are open again."""

    centre_reference = cells.reference(required=False)
    starts_on = cells.Day()
    ends_on = cells.Day()
    name = written(longest=200)
    kind = cells.Choice(ClosureKind)
    withdrawn = cells.YesNo(default=False)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: object) -> None:
        _ordered(data, "starts_on", "ends_on", "Ends before it starts.")


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
            for row in self._rows("centres.csv", CentreRow(), "reference")
        ]
        offers.keep_centres(scope, centres)
        places = set(known.centres) | {centre.id for centre in centres}
        offers.keep_activities(scope, list(self._activities(places)))
        offers.keep_periods(scope, list(self._periods(places, zone)))
        holidays = self._rows("holidays.csv", HolidayRow(), "day")
        offers.keep_holidays(scope, {row.cells["day"]: row.cells["name"] for row in holidays})
        for closure, ended in self._closures(places):
            (self.withdrawn if ended else self.closures).append(closure)
        offers.keep_closures(scope, self.closures)
        for closure in self.withdrawn:
            offers.drop_closure(scope, closure)

    def _activities(self, places: set[str]) -> Iterator[Activity]:
        for row in self._rows("activities.csv", ActivityRow(), "reference"):
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
        for row in self._rows("periods.csv", PeriodRow(), "reference"):
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
        for row in self._rows("closures.csv", ClosureRow(), *CLOSURE):
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

    def _rows(self, file: str, schema: Schema, *key: str) -> list[Row]:
        """Read a file; a line with the `key` of an earlier one is a fault, for only one can be meant."""
        found, faults = read_table(self.directory / file, schema)
        first, doubles = first_of_each(found, key)
        self.read[file] += len(found)
        self.faults += [*faults, *doubles]
        return first

    def _id(self, kind: str, reference: str) -> str:
        return named_id(self.call.scope.organisation_id, kind, reference)
