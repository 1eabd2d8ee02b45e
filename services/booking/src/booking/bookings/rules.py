"""What becomes of a booking: how the events of its seat fold into its state, and what may follow.

Every seat event carries the booking's unchanging facts; what it changes is the state, the rank and the hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from booking.bookings.model import BookingRecord
from booking.seats.model import SeatEvent, Slot
from booking.seats.rules.steps import cancellable
from booking.vocabulary import BOOKING, Act, BookingFacts, BookingState, Reason


def named_today(facts: BookingFacts, names: Mapping[str, str], today: date) -> BookingFacts:
    """The facts with the child's name as it is now, by child, where the day is still to come.

    What was told and what is over keeps the name that the child had.
    """
    if facts.day < today:
        return facts
    return replace(facts, child_name=names.get(facts.child_id, facts.child_name))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a booking stands after an event."""

    state: BookingState
    rank: int | None = None
    held_until: datetime | None = None


_PLAIN = {
    SeatEvent.BOOKING_ACCEPTED: BookingState.ACCEPTED,
    SeatEvent.BOOKING_REFUSED: BookingState.REFUSED,
    SeatEvent.BOOKING_CANCELLED: BookingState.CANCELLED,
    SeatEvent.CANCELLATION_ASKED: BookingState.CANCELLATION_REQUESTED,
    SeatEvent.CANCELLATION_DECLINED: BookingState.ACCEPTED,
    SeatEvent.HOLD_EXPIRED: BookingState.EXPIRED,
    SeatEvent.SEAT_LOST: BookingState.EXPIRED,
    SeatEvent.WAITING_ENDED: BookingState.EXPIRED,
}
GIVEN_UP = BOOKING.final


def standing_after(event: SeatEvent, data: Mapping[str, Any], before: BookingState | None = None) -> Standing:
    """Where a booking stands after `event`; `before` is None when nothing was heard of it yet.

    Only a lost seat looks back: what the family gave up stays given up, however late it was paid.
    """
    if event is SeatEvent.SEAT_LOST and before in GIVEN_UP:
        return Standing(before or BookingState.EXPIRED)
    if event is SeatEvent.BOOKING_HELD:
        return Standing(BookingState.HELD, held_until=data["held_until"])
    if event is SeatEvent.BOOKING_WAITLISTED:
        return Standing(BookingState.WAITLISTED, rank=data["rank"])
    if event is SeatEvent.BOOKING_REQUESTED:
        return Standing(BookingState(data["state"]))
    if event is SeatEvent.SEAT_PROMOTED:
        return Standing(BookingState(data["to"]), held_until=data["held_until"])
    return Standing(_PLAIN[event])


STANDING = frozenset(BOOKING.sources(Act.CANCEL)) - frozenset(BOOKING.sources(Act.KEEP))
"""Where a family may give a booking back; where it asked to, staff has to answer."""


def why_not_cancellable(record: BookingRecord, slot: Slot | None, now: datetime) -> Reason | None:
    """Why a booking can't be given back, or None when it can."""
    if record.state not in STANDING:
        return Reason.NOT_BOOKED
    if slot is not None and not cancellable(slot, now):
        return Reason.PAST_DEADLINE
    return None


_REPUBLISHED: Mapping[BookingState, tuple[SeatEvent, ...]] = {
    BookingState.HELD: (SeatEvent.SEAT_PROMOTED,),
    BookingState.ACCEPTED: (SeatEvent.BOOKING_ACCEPTED,),
    BookingState.CANCELLATION_REQUESTED: (SeatEvent.BOOKING_ACCEPTED,),
    BookingState.CANCELLED: (SeatEvent.BOOKING_CANCELLED, SeatEvent.SEAT_LOST),
    BookingState.REFUSED: (SeatEvent.SEAT_LOST,),
    BookingState.EXPIRED: (SeatEvent.SEAT_LOST,),
}


def republished(state: BookingState, told: Iterable[SeatEvent]) -> tuple[SeatEvent, ...]:
    """Which of the events that a booking went through say all that billing must know of how it stands.

    What only a mail would follow from is not among them: nobody wants to read today of a hold of last month.
    """
    heard = set(told)
    return tuple(event for event in _REPUBLISHED.get(state, ()) if event in heard)
