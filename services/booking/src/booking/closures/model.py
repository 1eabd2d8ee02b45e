"""A closing: the days of a centre that were closed after they were offered, and how far that has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from booking.offer.model import Closure, ClosureKind
from booking.vocabulary import Machine


class ClosingState(StrEnum):
    """Where a closing stands; what is being closed or opened goes on whoever began it."""

    CLOSING = "closing"
    CLOSED = "closed"
    OPENING = "opening"
    OPEN = "open"


class ClosingAct(StrEnum):
    """What may be done to the days of a closing."""

    CLOSE = "close"
    HAVE_CLOSED = "have_closed"
    OPEN = "open"
    HAVE_OPENED = "have_opened"


CLOSING = Machine(
    ClosingState,
    {
        (None, ClosingAct.CLOSE): ClosingState.CLOSING,
        (None, ClosingAct.OPEN): ClosingState.OPENING,
        (ClosingState.OPEN, ClosingAct.CLOSE): ClosingState.CLOSING,
        (ClosingState.CLOSING, ClosingAct.HAVE_CLOSED): ClosingState.CLOSED,
        (ClosingState.CLOSED, ClosingAct.OPEN): ClosingState.OPENING,
        (ClosingState.OPENING, ClosingAct.HAVE_OPENED): ClosingState.OPEN,
    },
)
"""Days are closed and opened as often as an organisation decides; each time is a version."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Days closed at one centre, or (``centre_id`` None) at all of them, both ends included.

    ``version`` counts the closings and openings; ``reason`` is the agent's, for the organisation's eyes.
    ``told`` says that the families have been told of the last one, ``actor`` who decided it.
    """

    id: str
    organisation_id: str
    centre_id: str | None
    starts_on: date
    ends_on: date
    name: str
    state: ClosingState
    version: int
    changed_at: datetime
    reason: str | None = None
    told: bool = False
    actor: Mapping[str, str] | None = None

    @property
    def mark(self) -> str:
        """What bookings that left by this closing are found by: that of its last closing when it is open."""
        opened = self.state in {ClosingState.OPENING, ClosingState.OPEN}
        return f"{self.id}.{self.version - 1 if opened else self.version}"

    @property
    def closure(self) -> Closure:
        """The days as the calendar shows them."""
        return Closure(self.centre_id, self.starts_on, self.ends_on, self.name, ClosureKind.CLOSURE)


@dataclass(frozen=True, slots=True)
class LeftBooking:
    """A booking that left because its day was closed, as its family is told of it."""

    booking_id: str
    child_name: str
    activity_name: str
    day: date
    was: str
