"""What the family has booked. Amounts are integer cents.

A booking's fields have no defaults, for the reason that `offer` gives: a page has fifty bookings.
"""

from dataclasses import dataclass

from gateway.clients.booking.facts import CancellableFacts


@dataclass(frozen=True, slots=True)
class Booking(CancellableFacts):
    """One child's claim on one day of an activity; `why_not` says why it can't be cancelled."""

    id: str
    state: str
    confirmation_id: str
    rank: int | None
    held_until: str | None
    cancellable: bool
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookings:
    """A page of bookings by day; the total is the cost of the whole filtered list."""

    data: tuple[Booking, ...]
    total_cents: int
    next_cursor: str | None = None
