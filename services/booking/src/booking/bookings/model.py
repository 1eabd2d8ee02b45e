"""A booking as lists and histories show it."""

from dataclasses import dataclass
from datetime import datetime

from booking.vocabulary import BookingFacts, BookingState


@dataclass(frozen=True, slots=True)
class BookingRecord:
    """A booking as lists show it, folded from the events of its seat.

    ``sequence`` is the last one folded in.
    """

    id: str
    organisation_id: str
    family_id: str
    account_id: str | None
    facts: BookingFacts
    state: BookingState
    rank: int | None
    held_until: datetime | None
    confirmation_id: str
    line: int
    seats_id: str
    slot: str
    sequence: int = 0
