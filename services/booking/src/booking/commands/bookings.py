"""Importing bookings through the same seat updates as everybody's, so that waiting lists come out in order.

A row is known by what it books: a second run finds its booking and changes nothing, even after a
cancellation.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from datetime import time as time_of_day
from itertools import zip_longest
from pathlib import Path
from zoneinfo import ZoneInfo

from marshmallow import Schema, fields, validate

from booking.basket.model import Line
from booking.basket.rules.lines import facts_of
from booking.bookings.store import Bookings
from booking.commands.running import Call
from booking.confirmations.rules.orders import Holding, Owner, order_of
from booking.copies.model import Child
from booking.copies.store import Children
from booking.offer.imports import reference
from booking.offer.model import Offer
from booking.offer.rules.deadlines import wall_instant
from booking.offer.store import BookingSettingsStore, Offers
from booking.seats import store as seats
from booking.seats.model import SeatsDocument, Stamp
from booking.seats.rules import pool_id, seats_id, slot_id
from booking.vocabulary import Action, BookingState, DayPart
from chassis.values.ids import named_id
from chassis.values.tables import Fault, Row, in_batches, read_table

FILE = "bookings.csv"
DAYS_AT_ONCE = 200
POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row with the line and the owner that it stands for."""

    row: Row
    line: Line
    owner: Owner


class BookingRow(Schema):
    """One line of bookings.csv: a booking that was made elsewhere, in the order in which people came."""

    child_reference = reference()
    family_reference = reference()
    activity_reference = reference()
    centre_reference = reference()
    day = fields.Date(required=True)
    day_part = fields.String(required=True, validate=validate.OneOf([*DayPart]))
    state = fields.String(required=True, validate=validate.OneOf(("accepted", "waitlisted")))


@dataclass(slots=True)
class BookingsImport:
    """One run over `bookings.csv` of a directory: what it read, and each fault."""

    call: Call
    directory: Path
    wait_s: float
    read: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def run(self) -> None:
        """Book every row that names a known child and an open day, first come, first served."""
        found, self.faults = read_table(self.directory / FILE, BookingRow())
        self.read[FILE] = len(found)
        offer = self.call.store(Offers).read(self.call.scope)
        if offer is not None and found:
            wanted = self._wanted(found, offer)
            self.faults += _book(self.call, wanted)

    def _wanted(self, found: list[Row], offer: Offer) -> list[Wanted]:
        """Read the rows that can be booked and are not yet."""
        child_ids = {named_id(offer.organisation.id, "child", row.cells["child_reference"]) for row in found}
        children, wanted = _known_within(self.call, child_ids, self.wait_s), []
        for row in found:
            one = _wanted(row, offer, children)
            if isinstance(one, Fault):
                self.faults.append(one)
            else:
                wanted.append(one)
        booking_ids = [one.line.booking_id or "" for one in wanted]
        known = self.call.store(Bookings).named(self.call.scope, booking_ids)
        zone, now = ZoneInfo(offer.organisation.time_zone), self.call.now()
        return [
            one for one in wanted if one.line.booking_id not in known and not _waits_in_vain(one, now, zone)
        ]


def _waits_in_vain(one: Wanted, now: datetime, zone: tzinfo) -> bool:
    """Whether a row waits for a care that has begun: such waiting has ended, and is not brought over."""
    facts = one.line.facts
    begins = wall_instant(facts.day, time_of_day.fromisoformat(facts.arrives_at or "00:00"), zone)
    return one.row.cells["state"] == BookingState.WAITLISTED and begins <= now


def _known_within(call: Call, child_ids: set[str], seconds: float) -> dict[str, Child]:
    """Wait until the children were heard of, as far as they exist."""
    deadline, children = time.monotonic() + seconds, call.store(Children)
    known = children.known(call.scope, child_ids)
    while len(known) < len(child_ids) and time.monotonic() < deadline:
        time.sleep(POLL_S)
        known = children.known(call.scope, child_ids)
    return known


def _wanted(row: Row, offer: Offer, children: Mapping[str, Child]) -> Wanted | Fault:
    cells, organisation_id = row.cells, offer.organisation.id
    child = children.get(named_id(organisation_id, "child", cells["child_reference"]))
    centre = offer.centres.get(named_id(organisation_id, "centre", cells["centre_reference"]))
    activity = offer.activities.get(named_id(organisation_id, "activity", cells["activity_reference"]))
    if child is None:
        return row.fault("child_reference", "No child has this reference.")
    if activity is None:
        return row.fault("activity_reference", "No activity has this reference.")
    if centre is None or centre.id not in activity.centre_ids:
        return row.fault("centre_reference", "The activity does not take place there.")
    part = next((part for part in activity.parts if part.day_part == cells["day_part"]), None)
    if part is None:
        return row.fault("day_part", "The activity has no such part of the day.")
    columns = ("child_reference", "activity_reference", "centre_reference", "day", "day_part")
    reference = "/".join(str(cells[name]) for name in columns)
    line = Line(
        line=1,
        action=Action.BOOK,
        booking_id=named_id(organisation_id, "booking", reference),
        facts=facts_of(child, activity, part, cells["day"], centre),
        decision_mode=activity.decision_mode,
        seats_id=seats_id(organisation_id, pool_id(activity.id, centre.id), cells["day"]),
        slot=slot_id(activity.id, centre.id, part.day_part),
        gauges=part.gauges,
    )
    family_id = named_id(organisation_id, "family", cells["family_reference"])
    return Wanted(row, line, Owner(f"import:{line.booking_id}", family_id, None))


def _book(call: Call, wanted: list[Wanted]) -> Iterator[Fault]:
    by_day: dict[str, list[Wanted]] = {}
    for one in wanted:
        by_day.setdefault(one.line.seats_id or "", []).append(one)
    for days in in_batches(list(by_day.values()), DAYS_AT_ONCE):
        # The first of every day, then the second of every day: in the order of the file, in few round trips.
        for turn in zip_longest(*days):
            _apply(call, (one for one in turn if one is not None))
        yield from _missed(call, [one for day in days for one in day])


def _apply(call: Call, wanted: Iterable[Wanted]) -> None:
    stamp = Stamp(call.now(), call.request_id, call.actor.as_document())
    decided = call.store(BookingSettingsStore).read(call.scope)
    holding = Holding(decided.hold_s, decided.promoted_hold_s)
    call.store(seats.Seats).apply(
        seats.book(
            call.scope,
            one.line.seats_id or "",
            # What was booked elsewhere was paid or promised there; whoever waits will have to pay here.
            replace(order_of(one.line, one.owner, holding), hold_s=None, past_deadline_allowed=True),
            stamp,
        )
        for one in wanted
    )


def _missed(call: Call, wanted: list[Wanted]) -> Iterator[Fault]:
    """Tell what a row got where it is not what it says."""
    booking_ids = tuple(one.line.booking_id or "" for one in wanted)
    ids = sorted({one.line.seats_id or "" for one in wanted})
    documents = call.store(seats.Seats).read(call.scope, ids, seats.EntryFilter(booking_ids=booking_ids))
    states = {booking_id: state for document in documents.values() for booking_id, state in _states(document)}
    for one in wanted:
        state, wished = states.get(one.line.booking_id or ""), one.row.cells["state"]
        if one.line.seats_id not in documents:
            yield one.row.fault("day", "The activity does not take place on this day.")
        elif state is None:
            yield one.row.fault("", "There was no room, or the child stands there already.")
        elif state != wished:
            yield one.row.fault("state", f"It is {state} now.")


def _states(document: SeatsDocument) -> Iterator[tuple[str, str]]:
    for entry in document.taken + document.waiting + document.asked:
        yield entry.booking_id, entry.state.value
