"""The calendar: what one day means to one child."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from booking.model.activities import Gauge
from booking.model.bookings import Reason, State, Verdict
from booking.model.seats import Slot


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
class Place:
    """What a calendar reads of one child's entry: never the whole entry.

    ``foreign`` says that another family of the child has booked it: it is shown, and is not ours to change.
    """

    booking_id: str
    state: State
    rank: int | None = None
    held_until: datetime | None = None
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Counters:
    """What a calendar reads of one seats document: its gauges and slots, and some children's own places.

    ``places`` is keyed by (slot id, child id).
    """

    seats_id: str
    pool_id: str
    day: date
    gauges: tuple[Gauge, ...]
    slots: tuple[Slot, ...]
    places: Mapping[tuple[str, str], Place]


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
