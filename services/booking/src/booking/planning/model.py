"""The planning: what one day means to one child."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from booking.vocabulary import Reason, Verdict


class CellState(StrEnum):
    """What a day is for one child and one activity: the eight meanings."""

    CLOSED = "closed"
    FULL = "full"
    OPEN = "open"
    WAITING_OPEN = "waiting_open"
    BOOKED = "booked"
    WAITLISTED = "waitlisted"
    BOOKED_LOCKED = "booked_locked"
    WAITLISTED_LOCKED = "waitlisted_locked"


class AggregateState(StrEnum):
    """What a day is for one child over all activities it may attend: the eight other meanings."""

    NONE_OPEN = "none_open"
    ALL_FULL = "all_full"
    SOME_OPEN = "some_open"
    SOME_WAITING = "some_waiting"
    BOOKED = "booked"
    BOOKED_WAITING = "booked_waiting"
    BOOKED_LOCKED = "booked_locked"
    BOOKED_WAITING_LOCKED = "booked_waiting_locked"


class Mark(StrEnum):
    """What a booked cell adds to its colour when the booking is not simply accepted."""

    HELD = "held"
    REQUESTED = "requested"
    SUBMITTED = "submitted"
    CANCELLATION_REQUESTED = "cancellation_requested"


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one series of the calendar; ``free`` only where capacity is limited."""

    state: CellState
    mark: Mark | None = None
    would: Verdict | None = None
    free: int | None = None
    rank: int | None = None
    booking_id: str | None = None
    held_until: datetime | None = None
    booking_closes_at: datetime | None = None
    cancelling_closes_at: datetime | None = None
    reason: Reason | None = None
