"""What becomes of a booking: how the events of its seat fold into its state, and what may follow.

Every seat event carries the booking's unchanging facts; what it changes is the state, the rank and the hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from booking.bookings.model import BookingRecord
from booking.seats.model import SeatEvent, Slot
from booking.seats.rules.steps import cancellable
from booking.vocabulary import Reason, State


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a booking stands after an event."""

    state: State
    rank: int | None = None
    held_until: datetime | None = None


_PLAIN = {
    SeatEvent.BOOKING_ACCEPTED: State.ACCEPTED,
    SeatEvent.BOOKING_REFUSED: State.REFUSED,
    SeatEvent.BOOKING_CANCELLED: State.CANCELLED,
    SeatEvent.CANCELLATION_ASKED: State.CANCELLATION_REQUESTED,
    SeatEvent.CANCELLATION_DECLINED: State.ACCEPTED,
    SeatEvent.HOLD_EXPIRED: State.EXPIRED,
    SeatEvent.SEAT_LOST: State.EXPIRED,
    SeatEvent.WAITING_ENDED: State.EXPIRED,
}
GIVEN_UP = frozenset({State.CANCELLED, State.REFUSED})


def standing_after(event: SeatEvent, data: Mapping[str, Any], before: State | None = None) -> Standing:
    """Say where a booking stands after `event`; `before` is None when nothing was heard of it yet.

    Only a lost seat looks back: what the family gave up stays given up, however late it was paid.
    """
    if event is SeatEvent.SEAT_LOST and before in GIVEN_UP:
        return Standing(before or State.EXPIRED)
    if event is SeatEvent.BOOKING_HELD:
        return Standing(State.HELD, held_until=data["held_until"])
    if event is SeatEvent.BOOKING_WAITLISTED:
        return Standing(State.WAITLISTED, rank=data["rank"])
    if event is SeatEvent.BOOKING_REQUESTED:
        return Standing(State(data["state"]))
    if event is SeatEvent.SEAT_PROMOTED:
        return Standing(State(data["to"]), held_until=data["held_until"])
    return Standing(_PLAIN[event])


NEXT: Mapping[State, frozenset[State]] = {
    State.HELD: frozenset({State.ACCEPTED, State.CANCELLED, State.EXPIRED}),
    State.SUBMITTED: frozenset(
        {State.REQUESTED, State.HELD, State.ACCEPTED, State.WAITLISTED, State.REFUSED, State.CANCELLED}
    ),
    State.REQUESTED: frozenset(
        {State.HELD, State.ACCEPTED, State.WAITLISTED, State.REFUSED, State.CANCELLED}
    ),
    State.WAITLISTED: frozenset({State.HELD, State.ACCEPTED, State.REFUSED, State.CANCELLED, State.EXPIRED}),
    State.ACCEPTED: frozenset({State.CANCELLATION_REQUESTED, State.CANCELLED}),
    State.CANCELLATION_REQUESTED: frozenset({State.ACCEPTED, State.CANCELLED}),
    State.REFUSED: frozenset(),
    State.CANCELLED: frozenset(),
    # A payment that comes after the hold has gone takes the seat again where it can.
    State.EXPIRED: frozenset({State.ACCEPTED}),
}


def may_become(state: State, following: State) -> bool:
    """Say whether a booking may go from one state to another."""
    return following in NEXT[state]


STANDING = frozenset({State.HELD, State.ACCEPTED, State.REQUESTED, State.SUBMITTED, State.WAITLISTED})


def why_not_cancellable(record: BookingRecord, slot: Slot | None, now: datetime) -> Reason | None:
    """Say why a booking can't be given back, or None when it can."""
    if record.state not in STANDING:
        return Reason.NOT_BOOKED
    if slot is not None and not cancellable(slot, now):
        return Reason.PAST_DEADLINE
    return None
