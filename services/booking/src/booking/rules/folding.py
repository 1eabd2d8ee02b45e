"""How the events of a seat become the state of a booking, as lists and histories show it.

Every seat event carries the booking's unchanging facts; what it changes is the state, the rank and the hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from booking.model import SeatEvent, State


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
