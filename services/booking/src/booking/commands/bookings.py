"""Importing bookings through the same seat updates as everybody's, so that waiting lists come out in order.

A row is known by what it books: a second run finds its booking and changes nothing, even after a
cancellation. Days are imported one after the other, and each is looked at once: a row of a long file takes no
more than one of a short file.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

from marshmallow import Schema

from booking.basket.model import Line
from booking.basket.rules.lines import facts_of
from booking.basket.rules.overlaps import refuse_overlaps
from booking.bookings.store import Bookings
from booking.commands.running import Call
from booking.confirmations.rules.orders import Holding, Owner, order_of
from booking.confirmations.store import ChildrenBusyError, Confirmations, Turn
from booking.copies.model import Child
from booking.copies.store import Children
from booking.offer.model import Offer
from booking.offer.rules.deadlines import wall_instant
from booking.offer.store import BookingSettingsStore, Offers
from booking.seats import store as seats
from booking.seats.model import Stamp
from booking.seats.rules import pool_id, seats_id, slot_id
from booking.vocabulary import Action, BookingState, DayPart, DecisionMode
from chassis.storage.mongo import is_outage, is_too_large
from chassis.values.ids import named_id
from chassis.values.tables import Fault, Row, cells, first_of_each, in_batches, read_table

FILE = "bookings.csv"
BOOKED = ("child_reference", "activity_reference", "centre_reference", "day", "day_part")
ROWS_AT_ONCE = 1_000
"""Rows that are looked up together, whole days as far as a day is not longer."""
BOOKED_AT_ONCE = 50
"""Rows that are booked together, in the turn of their children: a day of many hundred takes long for each."""
BUSY_S = 30.0
POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row with the line and the owner that it stands for."""

    row: Row
    line: Line
    owner: Owner


class BookingRow(Schema):
    """One line of bookings.csv: a booking that was made elsewhere, in the order in which people came."""

    child_reference = cells.reference()
    family_reference = cells.reference()
    activity_reference = cells.reference()
    centre_reference = cells.reference()
    day = cells.Day()
    day_part = cells.Choice(DayPart)
    state = cells.Choice(("accepted", "waitlisted"))


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
        read, faults = read_table(self.directory / FILE, BookingRow())
        found, doubles = first_of_each(read, BOOKED)
        self.faults = [*faults, *doubles]
        self.read[FILE] = len(read)
        offer = self.call.store(Offers).read(self.call.scope)
        if offer is None:
            return
        decided = self.call.store(BookingSettingsStore).read(self.call.scope)
        holding = Holding(decided.hold_s, decided.promoted_hold_s)
        patient_until = time.monotonic() + self.wait_s
        for rows in _days_of(found):
            wanted = self._wanted(rows, offer, patient_until)
            booked = list[Wanted]()
            for some in in_batches(wanted, BOOKED_AT_ONCE):
                booked += self._book_in_parts(some, offer, holding)
            self.faults += _missed(self.call, booked)
        self.faults.sort(key=lambda fault: fault.line)

    def _wanted(self, rows: list[Row], offer: Offer, patient_until: float) -> list[Wanted]:
        """Read the rows that can be booked and are not yet."""
        child_ids = {named_id(offer.organisation.id, "child", row.cells["child_reference"]) for row in rows}
        children, wanted = _known_within(self.call, child_ids, patient_until), list[Wanted]()
        for row in rows:
            one = _wanted(row, offer, children)
            if isinstance(one, Fault):
                self.faults.append(one)
            else:
                wanted.append(one)
        booking_ids = [one.line.booking_id or "" for one in wanted]
        known = self.call.store(Bookings).known(self.call.scope, booking_ids)
        zone, now = ZoneInfo(offer.organisation.time_zone), self.call.now()
        return [
            one for one in wanted if one.line.booking_id not in known and not _waits_in_vain(one, now, zone)
        ]

    def _book_in_parts(self, wanted: Sequence[Wanted], offer: Offer, holding: Holding) -> list[Wanted]:
        """Book rows together, or in halves where the database can not make so many changes of long days."""
        try:
            return self._book(wanted, offer, holding)
        except Exception as error:
            if len(wanted) == 1 or not (is_too_large(error) or is_outage(error)):
                raise
        middle = len(wanted) // 2
        halves = (wanted[:middle], wanted[middle:])
        return [one for half in halves for one in self._book_in_parts(half, offer, holding)]

    def _book(self, wanted: Sequence[Wanted], offer: Offer, holding: Holding) -> list[Wanted]:
        """Book some rows, but those whose child stands elsewhere."""

        def write(own: seats.Seats) -> list[Wanted]:
            there = own.of_children(self.call.scope, child_ids, (min(days), max(days)))
            checked = refuse_overlaps([one.line for one in wanted], offer, there)
            free = [one for one, line in zip(wanted, checked, strict=True) if line.answer is None]
            own.apply(_changes(self.call, free, holding))
            return free

        child_ids = sorted({one.line.facts.child_id for one in wanted})
        days = [one.line.facts.day for one in wanted]
        booked, reason = _in_turn(self.call, child_ids, write), "The child stands elsewhere at these hours."
        if booked is None:
            booked, reason = [], "The child is being booked at this moment."
        done = {one.line.booking_id for one in booked}
        self.faults += [one.row.fault("", reason) for one in wanted if one.line.booking_id not in done]
        return booked


def _days_of(found: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows of some days after the other, those of a day in the order of the file."""
    rows = list[Row]()
    for row in sorted(found, key=lambda row: row.cells["day"]):
        if len(rows) >= ROWS_AT_ONCE and row.cells["day"] != rows[-1].cells["day"]:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def _waits_in_vain(one: Wanted, now: datetime, zone: tzinfo) -> bool:
    """Whether a row waits for a care that has begun: such waiting has ended, and is not brought over."""
    facts = one.line.facts
    begins = wall_instant(facts.day, time_of_day.fromisoformat(facts.arrives_at or "00:00"), zone)
    return one.row.cells["state"] == BookingState.WAITLISTED and begins <= now


def _known_within(call: Call, child_ids: set[str], patient_until: float) -> dict[str, Child]:
    """Wait until the children were heard of, as far as they exist."""
    children = call.store(Children)
    known = children.known(call.scope, child_ids)
    while len(known) < len(child_ids) and time.monotonic() < patient_until:
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
    reference = "/".join(str(cells[name]) for name in BOOKED)
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


def _in_turn(
    call: Call, child_ids: Sequence[str], write: Callable[[seats.Seats], list[Wanted]]
) -> list[Wanted] | None:
    """What was booked once it is the children's turn; None when one of them is being booked all the time."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            turn = Turn(call.ids.new_id(), child_ids)
            return call.store(Confirmations).in_turn(call.scope, turn, write)
        except ChildrenBusyError:
            if time.monotonic() >= deadline:
                return None
            time.sleep(POLL_S)


def _changes(call: Call, wanted: Sequence[Wanted], holding: Holding) -> Iterator[seats.Change]:
    stamp = Stamp(call.now(), call.request_id, call.actor.as_document())
    for one in wanted:
        # What was booked elsewhere was paid, promised or granted there; whoever waits will have to pay here.
        order = replace(
            order_of(one.line, one.owner, holding),
            hold_s=None,
            past_deadline_allowed=True,
            decision_mode=DecisionMode.INSTANT,
        )
        yield seats.book(call.scope, one.line.seats_id or "", order, stamp)


def _missed(call: Call, wanted: Sequence[Wanted]) -> Iterator[Fault]:
    """Tell what a row got where it is not what it says."""
    ids = sorted({one.line.seats_id or "" for one in wanted})
    days = call.store(seats.Seats).states(call.scope, ids)
    for one in wanted:
        day, wished = days.get(one.line.seats_id or ""), one.row.cells["state"]
        state = day.get(one.line.booking_id or "") if day is not None else None
        if day is None:
            yield one.row.fault("day", "The activity does not take place on this day.")
        elif state is None:
            yield one.row.fault("", "There was no room, or the child stands there already.")
        elif state != wished:
            yield one.row.fault("state", f"It is {state} now.")
