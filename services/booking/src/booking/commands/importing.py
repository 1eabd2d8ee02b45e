"""Importing the offer and the bookings made elsewhere.

Every line judged alone, a bad one told with its reason.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

from marshmallow import Schema

from booking.commands import rows
from booking.commands.bookings import book_rows
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
from booking.store import Store
from booking.vocabulary import ChargingMode, DayPart, DecisionMode
from chassis.values.context import Context
from chassis.values.ids import named_id
from chassis.values.tables import Fault, Row, read_table

POLL_S = 0.2
MIDNIGHT = time_of_day()


@dataclass(slots=True)
class Import:
    """One run over one directory: what it read, and each fault."""

    store: Store
    context: Context
    directory: Path
    now: datetime
    wait_s: float
    read: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def may_start(self) -> bool:
        """Wait until the organisation was heard of; its time zone decides what days and hours mean."""
        deadline = time.monotonic() + self.wait_s
        while (known := self.store.organisations.find(self.context)) is None and time.monotonic() < deadline:
            time.sleep(POLL_S)
        return known is not None

    def offer(self) -> None:
        """Import centres, activities, periods, holidays, closures: in this order they name one another."""
        offers, known = self.store.offers, self.store.offers.read(self.context)
        if known is None:
            return
        zone = ZoneInfo(known.organisation.time_zone)
        centres = [
            Centre(self._id("centre", row.cells["reference"]), row.cells["name"])
            for row in self._rows("centres.csv", rows.CentreRow())
        ]
        offers.keep_centres(self.context, centres)
        places = set(known.centres) | {centre.id for centre in centres}
        offers.keep_activities(self.context, list(self._activities(places)))
        offers.keep_periods(self.context, list(self._periods(places, zone)))
        holidays = self._rows("holidays.csv", rows.HolidayRow())
        offers.keep_holidays(self.context, {row.cells["day"]: row.cells["name"] for row in holidays})
        offers.keep_closures(self.context, list(self._closures(places)))

    def bookings(self) -> None:
        """Import bookings made elsewhere, first come, first served."""
        found = self._rows("bookings.csv", rows.BookingRow())
        self.faults += book_rows(self.store, self.context, found, self.now, self.wait_s)

    def _activities(self, places: set[str]) -> Iterator[Activity]:
        for row in self._rows("activities.csv", rows.ActivityRow()):
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
            organisation_id=self.context.organisation_id or "",
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
        for row in self._rows("periods.csv", rows.PeriodRow()):
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

    def _closures(self, places: set[str]) -> Iterator[Closure]:
        for row in self._rows("closures.csv", rows.ClosureRow()):
            cells, centre_id = row.cells, None
            if cells["centre_reference"]:
                centres = self._centres(row, [cells["centre_reference"]], places)
                if centres is None:
                    continue
                centre_id = centres[0]
            yield Closure(
                centre_id, cells["starts_on"], cells["ends_on"], cells["name"], ClosureKind(cells["kind"])
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
        return named_id(self.context.organisation_id or "", kind, reference)
