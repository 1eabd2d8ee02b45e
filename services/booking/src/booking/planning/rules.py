"""The colours of the calendar: what a day means to a child (``docs/rules/calendar.md``).

What lives here: one cell from one slot, and one aggregate from a day's cells. What a calendar shows is a
courtesy; the seats document decides when the family confirms.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from booking.copies.model import Child
from booking.offer.model import Activity, Afterwards, Gauge, Offer, OfferedSlot
from booking.offer.rules.attending import refusal
from booking.offer.rules.offering import days_between, is_open, slots_of
from booking.offer.rules.openings import period_of
from booking.planning.model import AggregateState, Cell, CellState, Mark
from booking.seats.model import Counters, Place, Slot
from booking.seats.rules.ids import pool_id, slot_id
from booking.seats.rules.steps import cancellable, past
from booking.vocabulary import BookingState, ChargingMode, DecisionMode, Reason, Verdict

_MARKS: Mapping[BookingState, Mark] = {
    BookingState.HELD: Mark.HELD,
    BookingState.REQUESTED: Mark.REQUESTED,
    BookingState.SUBMITTED: Mark.SUBMITTED,
    BookingState.CANCELLATION_REQUESTED: Mark.CANCELLATION_REQUESTED,
}
_ASKS = {DecisionMode.ON_REQUEST: Verdict.REQUESTED, DecisionMode.DEFERRED: Verdict.SUBMITTED}
_CHANGEABLE = {CellState.BOOKED, CellState.WAITLISTED, CellState.OPEN, CellState.WAITING_OPEN}
_WAITLISTED = {CellState.WAITLISTED, CellState.WAITLISTED_LOCKED}
_OWN = {CellState.BOOKED, CellState.BOOKED_LOCKED, *_WAITLISTED}


NOT_FOR_THIS_CHILD = frozenset({Reason.AGE, Reason.NOT_ENROLLED})


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What a cell needs to know beside the seats: may this child book here now, and what would follow.

    ``refusal`` is the first reason that stands against it (period, enrolment, age…), None for none.
    """

    refusal: Reason | None = None
    decision_mode: DecisionMode = DecisionMode.INSTANT
    prepaid: bool = False


def cell(
    slot: Slot | None, gauges: tuple[Gauge, ...], place: Place | None, eligibility: Eligibility, now: datetime
) -> Cell:
    """The meaning of one day for one child and one activity; ``slot`` is None without seats."""
    if slot is None:
        return Cell(CellState.CLOSED, reason=eligibility.refusal or Reason.NOT_OPEN)
    if place is not None:
        return _own(slot, place, now)
    refusal = _refusal(slot, eligibility, now)
    if refusal is not None:
        return _shown(slot, CellState.CLOSED, reason=refusal)
    free = _free(slot, gauges)
    asks = _asks(slot, eligibility, now)
    if asks is not None:
        return _shown(slot, CellState.OPEN, would=asks, free=free)
    return _instant(slot, free, Verdict.HELD if eligibility.prepaid else Verdict.ACCEPTED)


def _instant(slot: Slot, free: int | None, would: Verdict) -> Cell:
    # Who waits goes first, even while a place stands free because the queue has stopped moving.
    if free != 0 and not slot.waiting:
        return _shown(slot, CellState.OPEN, would=would, free=free)
    if slot.waiting_max is None or slot.waiting < slot.waiting_max:
        return _shown(slot, CellState.WAITING_OPEN, would=Verdict.WAITLISTED, free=0)
    return _shown(slot, CellState.FULL, free=0, reason=Reason.FULL)


def _free(slot: Slot, gauges: tuple[Gauge, ...]) -> int | None:
    """Count the places that the slot's narrowest gauge has left; None where none is limited."""
    limits = [g.max - g.taken for g in gauges if g.name in slot.gauges and g.max is not None]
    return max(0, min(limits)) if limits else None


def _asks(slot: Slot, eligibility: Eligibility, now: datetime) -> Verdict | None:
    """What is asked of staff or of the draw instead of booking at once."""
    late = past(slot.booking_closes_at, now) and slot.booking_afterwards is Afterwards.REQUEST
    return _ASKS.get(eligibility.decision_mode, Verdict.REQUESTED if late else None)


def aggregate(cells: Iterable[Cell]) -> AggregateState:
    """The meaning of one day for one child over all activities it may attend."""
    states = {one.state for one in cells} - {CellState.CLOSED}
    if not states:
        return AggregateState.NONE_OPEN
    if states & _OWN:
        return _aggregate_own(states)
    if CellState.WAITING_OPEN in states:
        return AggregateState.SOME_WAITING
    return AggregateState.SOME_OPEN if CellState.OPEN in states else AggregateState.ALL_FULL


def _aggregate_own(states: set[CellState]) -> AggregateState:
    if states & _CHANGEABLE:
        waits = states & {*_WAITLISTED, CellState.WAITING_OPEN}
        return AggregateState.BOOKED_WAITING if waits else AggregateState.BOOKED
    waits = states & _WAITLISTED
    return AggregateState.BOOKED_WAITING_LOCKED if waits else AggregateState.BOOKED_LOCKED


def _own(slot: Slot, place: Place, now: datetime) -> Cell:
    free = cancellable(slot, now) and not place.foreign
    state = CellState.BOOKED if free else CellState.BOOKED_LOCKED
    if place.state is BookingState.WAITLISTED:
        state = CellState.WAITLISTED if free else CellState.WAITLISTED_LOCKED
    return Cell(
        state,
        mark=_MARKS.get(place.state),
        rank=place.rank,
        booking_id=None if place.foreign else place.booking_id,
        held_until=place.held_until,
        booking_closes_at=slot.booking_closes_at,
        cancelling_closes_at=slot.cancelling_closes_at,
        reason=None if free or place.foreign else Reason.PAST_DEADLINE,
    )


def _refusal(slot: Slot, eligibility: Eligibility, now: datetime) -> Reason | None:
    if not slot.open:
        return Reason.NOT_OPEN
    if eligibility.refusal is not None:
        return eligibility.refusal
    late = past(slot.booking_closes_at, now) and slot.booking_afterwards is Afterwards.REFUSE
    return Reason.PAST_DEADLINE if late else None


def _shown(
    slot: Slot,
    state: CellState,
    *,
    would: Verdict | None = None,
    free: int | None = None,
    reason: Reason | None = None,
) -> Cell:
    return Cell(
        state,
        would=would,
        free=free,
        booking_closes_at=slot.booking_closes_at,
        cancelling_closes_at=slot.cancelling_closes_at,
        reason=reason,
    )


def eligibility_of(
    offer: Offer, activity: Activity, child: Child, where: tuple[str, date], now: datetime
) -> Eligibility:
    """What stands against booking a child into an activity, and what booking it would come to.

    `where` is the centre and the day.
    """
    centre_id, day = where
    may_book = is_open(period_of(offer.periods, centre_id, day), now)
    against = refusal(activity, child, day, offer.school_year_starts_on)
    return Eligibility(
        refusal=against or (None if may_book else Reason.NOT_OPEN),
        decision_mode=activity.decision_mode,
        prepaid=activity.charging_mode is ChargingMode.PREPAID,
    )


# --- the planning of a family -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanningInput:
    """What a planning is made from; `counters` are those of the seats documents, by pool and day."""

    offer: Offer
    counters: Mapping[tuple[str, date], Counters]
    now: datetime


def pools_of(slots: Iterable[OfferedSlot]) -> list[str]:
    """Name the pools in which the seats of some slots are kept."""
    return sorted({pool_id(slot.activity.id, slot.centre_id) for slot in slots})


def by_pool_and_day(counters: Iterable[Counters]) -> dict[tuple[str, date], Counters]:
    """Arrange counters as a planning looks them up."""
    return {(each.pool_id, each.day): each for each in counters}


def has_seats(seen: PlanningInput, slot: OfferedSlot, day: date) -> bool:
    """Whether a day has been opened for a slot."""
    return (pool_id(slot.activity.id, slot.centre_id), day) in seen.counters


def concerns(seen: PlanningInput, child: Child, slot: OfferedSlot, days: Iterable[date]) -> bool:
    """Whether a slot is one of the child's: it may attend it on a day, or stands there already."""
    own = (slot_id(slot.activity.id, slot.centre_id, slot.part.day_part), child.id)
    pool = pool_id(slot.activity.id, slot.centre_id)
    return any(
        refusal(slot.activity, child, day, seen.offer.school_year_starts_on) not in NOT_FOR_THIS_CHILD
        or ((pool, day) in seen.counters and own in seen.counters[pool, day].places)
        for day in days
    )


@dataclass(frozen=True, slots=True)
class Series:
    """One child's cells of one slot, one per day."""

    child: Child
    slot: OfferedSlot
    cells: Sequence[Cell]


def chosen_slots(
    offer: Offer, activity_id: str | None, centre_id: str | None, by: Callable[[str], tuple[str, ...]]
) -> list[OfferedSlot] | None:
    """Return the slots of one activity or of all, by name (`by` sorts); None for one that is not there."""
    if activity_id is not None and activity_id not in offer.activities:
        return None
    by_name = sorted(offer.activities.values(), key=lambda activity: by(activity.name))
    return list(slots_of(offer, [row.id for row in by_name if activity_id in {None, row.id}], centre_id))


def series_of(
    seen: PlanningInput,
    children: Iterable[Child],
    slots: Sequence[OfferedSlot],
    span: tuple[date, date],
    *,
    one_alone: bool,
) -> list[Series]:
    """Return the cells of a span by child and slot: those that concern the child, or the one asked for."""
    days = list(days_between(*span))
    return [
        Series(child, slot, [cell_of(seen, child, slot, day) for day in days])
        for child in children
        for slot in slots
        if one_alone or concerns(seen, child, slot, days)
    ]


def cell_of(seen: PlanningInput, child: Child, slot: OfferedSlot, day: date) -> Cell:
    """The meaning of one day for one child and one slot of the offer."""
    activity, centre_id = slot.activity, slot.centre_id
    counters = seen.counters.get((pool_id(activity.id, centre_id), day))
    expected = eligibility_of(seen.offer, activity, child, (centre_id, day), seen.now)
    if counters is None:
        return cell(None, (), None, expected, seen.now)
    wanted = slot_id(activity.id, centre_id, slot.part.day_part)
    found = next((each for each in counters.slots if each.id == wanted), None)
    return cell(found, counters.gauges, counters.places.get((wanted, child.id)), expected, seen.now)
