"""What the lines of a basket are.

Every movement with its names, its seat, and what confirming it would answer.

Lines are numbered from 1, cancellations first, since they are done first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from booking.basket.model import Line, Movement
from booking.basket.rules.prices import is_quoted
from booking.bookings.model import BookingRecord
from booking.copies.model import Child
from booking.offer.model import Activity, Centre, Offer, PartOfDay
from booking.offer.rules.openings import period_of
from booking.planning.model import Cell, CellState
from booking.planning.rules import cell, eligibility_of
from booking.seats.model import Answer, Counters, Place, Slot
from booking.seats.rules import pool_id, seats_id, slot_id
from booking.seats.rules.steps import past, promotes
from booking.vocabulary import Action, BookingFacts, BookingState, ChargingMode, DecisionMode, Reason, Verdict


@dataclass(frozen=True, slots=True)
class ReviewInput:
    """What is looked at to say what a line would answer; `counters` are those of seats documents, by id."""

    offer: Offer
    children: Mapping[str, Child]
    counters: Mapping[str, Counters]
    now: datetime


def in_order(movements: Iterable[Movement]) -> list[Movement]:
    """Put cancellations first, then days in their order."""
    return sorted(
        movements, key=lambda m: (m.action is Action.BOOK, m.day, m.child_id, m.activity_id, m.day_part)
    )


def pools_of(movements: Iterable[Movement]) -> tuple[list[str], tuple[date, date]]:
    """Name the pools and the span of days that a basket touches."""
    movements = list(movements)
    days = [movement.day for movement in movements]
    pools = {pool_id(movement.activity_id, movement.centre_id) for movement in movements}
    return sorted(pools), (min(days), max(days))


def lines_of(
    movements: Iterable[Movement], given: ReviewInput, booking_ids: Sequence[str]
) -> tuple[Line, ...]:
    """The lines of a basket, each expecting that those before it were done.

    `booking_ids` gives each line the id of the booking that it would make.
    """
    counters = dict(given.counters)
    given = replace(given, counters=counters)
    lines = []
    for number, (movement, booking_id) in enumerate(
        zip(in_order(movements), booking_ids, strict=True), start=1
    ):
        line = _line(number, movement, given, booking_id)
        lines.append(line)
        if line.seats_id is not None:
            counters[line.seats_id] = _after(line, counters[line.seats_id], given.now)
    return tuple(lines)


def _after(line: Line, seats: Counters, now: datetime) -> Counters:
    """What the next line of the basket finds once this one got what it expects."""
    verdict = line.answer.verdict if line.answer else None
    if verdict in {Verdict.ACCEPTED, Verdict.HELD}:
        return _counted(line, seats, taken=1)
    if verdict is Verdict.WAITLISTED:
        return _counted(line, seats, waiting=1)
    place = seats.places.get((line.slot or "", line.facts.child_id))
    if (
        verdict is not Verdict.CANCELLED
        or place is None
        or place.state in {BookingState.REQUESTED, BookingState.SUBMITTED}
    ):
        return seats
    slot = next(slot for slot in seats.slots if slot.id == line.slot)
    # Who waits gets a freed seat in the write that frees it.
    leaves_queue = place.state is BookingState.WAITLISTED or (slot.waiting > 0 and promotes(slot, now))
    return _counted(line, seats, waiting=-1) if leaves_queue else _counted(line, seats, taken=-1)


def _counted(line: Line, seats: Counters, taken: int = 0, waiting: int = 0) -> Counters:
    gauges = tuple(
        replace(gauge, taken=gauge.taken + taken * (gauge.name in line.gauges)) for gauge in seats.gauges
    )
    slots = tuple(
        replace(slot, waiting=slot.waiting + waiting * (slot.id == line.slot)) for slot in seats.slots
    )
    return replace(seats, gauges=gauges, slots=slots)


def _line(number: int, movement: Movement, given: ReviewInput, booking_id: str) -> Line:
    offer, child = given.offer, given.children[movement.child_id]
    activity = offer.activities[movement.activity_id]
    part = part_of(activity, movement)
    period = period_of(offer.periods, movement.centre_id, movement.day)
    pool = pool_id(activity.id, movement.centre_id)
    seats = given.counters.get(seats_id(offer.organisation.id, pool, movement.day))
    slot, place = _seen(seats, movement)
    seen = cell(
        slot,
        seats.gauges if seats else (),
        place,
        eligibility_of(offer, activity, child, (movement.centre_id, movement.day), given.now),
        given.now,
    )
    cancels = movement.action is Action.CANCEL
    return Line(
        line=number,
        action=movement.action,
        booking_id=seen.booking_id if cancels else booking_id,
        facts=facts_of(child, activity, part, movement.day, offer.centres[movement.centre_id]),
        decision_mode=activity.decision_mode,
        seats_id=seats.seats_id if seats else None,
        slot=slot.id if slot else None,
        gauges=part.gauges,
        period_id=period.id if period else None,
        cancelling_closes_at=slot.cancelling_closes_at if slot else None,
        may_overlap=not cancels,
        answer=_cancelling(given, seen, place, activity) if cancels else _booking(seen, place, slot),
    )


def facts_of(child: Child, activity: Activity, part: PartOfDay, day: date, centre: Centre) -> BookingFacts:
    """What booking a child into an activity on a day means; what it costs is for billing to say."""
    return BookingFacts(
        child_id=child.id,
        child_name=child.name,
        activity_id=activity.id,
        activity_name=activity.name,
        activity_group=activity.group,
        centre_id=centre.id,
        centre_name=centre.name,
        day=day,
        day_part=part.day_part,
        arrives_at=part.arrives.isoformat("minutes"),
        leaves_at=part.leaves.isoformat("minutes"),
        charging_mode=activity.charging_mode,
    )


def part_of(activity: Activity, movement: Movement) -> PartOfDay:
    """The part of day that a movement means; `is_offered` has said that there is one."""
    return next(part for part in activity.parts if part.day_part is movement.day_part)


def is_offered(movement: Movement, offer: Offer, children: Mapping[str, Child]) -> bool:
    """Whether a movement names things that exist.

    One's own child, an activity, its centre and part of day.
    """
    activity = offer.activities.get(movement.activity_id)
    return (
        activity is not None
        and movement.child_id in children
        and movement.centre_id in activity.centre_ids
        and movement.centre_id in offer.centres
        and any(part.day_part is movement.day_part for part in activity.parts)
    )


def _seen(seats: Counters | None, movement: Movement) -> tuple[Slot | None, Place | None]:
    if seats is None:
        return None, None
    wanted = slot_id(movement.activity_id, movement.centre_id, movement.day_part)
    slot = next((slot for slot in seats.slots if slot.id == wanted), None)
    return slot, seats.places.get((wanted, movement.child_id))


def refused_at_once(line: Line, given: ReviewInput) -> Line:
    """Refuse a new booking that the child or the period does not allow now.

    What seats allow is not asked here. What had no price when it was reviewed stays refused: nobody was told
    what it costs.
    """
    if line.action is Action.CANCEL:
        reason = Reason.NOT_BOOKED if line.booking_id is None else None
    elif line.facts.charging_mode is not ChargingMode.FREE and not is_quoted(line):
        return line
    else:
        offer, child = given.offer, given.children.get(line.facts.child_id)
        activity = offer.activities.get(line.facts.activity_id)
        where = (line.facts.centre_id, line.facts.day)
        reason = Reason.NOT_OPEN if activity is None or child is None or line.seats_id is None else None
        if activity is not None and child is not None and reason is None:
            reason = eligibility_of(offer, activity, child, where, given.now).refusal
    return replace(line, answer=Answer(Verdict.REFUSED, reason) if reason else None)


def _booking(seen: Cell, place: Place | None, slot: Slot | None) -> Answer:
    """What booking would be answered, were it confirmed now."""
    if place is not None:
        return Answer(Verdict.REFUSED, Reason.DUPLICATE)
    if seen.would is None or slot is None:
        return Answer(Verdict.REFUSED, seen.reason or Reason.NOT_OPEN)
    return Answer(seen.would, rank=slot.waiting + 1 if seen.would is Verdict.WAITLISTED else None)


def _cancelling(given: ReviewInput, seen: Cell, place: Place | None, activity: Activity) -> Answer:
    """What cancelling would be answered, were it confirmed now."""
    if place is None or place.foreign:
        return Answer(Verdict.REFUSED, Reason.NOT_BOOKED)
    if seen.state not in {CellState.BOOKED, CellState.WAITLISTED}:
        return Answer(Verdict.REFUSED, Reason.PAST_DEADLINE)
    if activity.decision_mode is DecisionMode.ON_REQUEST and place.state is BookingState.ACCEPTED:
        return Answer(Verdict.CANCELLATION_REQUESTED)
    return Answer(Verdict.CANCELLED, in_time=not past(seen.cancelling_closes_at, given.now))


def line_of_record(record: BookingRecord, activity: Activity | None, line: int) -> Line:
    """A line of a booking that stands, to cancel it or to take its seat again."""
    part = (
        next((p for p in activity.parts if p.day_part is record.facts.day_part), None) if activity else None
    )
    return Line(
        line=line,
        action=Action.CANCEL,
        booking_id=record.id,
        facts=record.facts,
        decision_mode=activity.decision_mode if activity else DecisionMode.INSTANT,
        seats_id=record.seats_id,
        slot=record.slot,
        gauges=part.gauges if part else ("places",),
    )
