"""What the family has booked. Amounts are integer cents.

A booking's fields have no defaults, for the reason that `offer` gives: a page has fifty bookings.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Booking:
    """One child's claim on one day of an activity; `why_not` says why it can't be cancelled."""

    id: str
    child_id: str
    child_name: str
    activity_id: str
    activity_name: str
    centre_id: str
    centre_name: str
    day: str
    day_part: str
    charging_mode: str
    state: str
    confirmation_id: str
    arrives_at: str | None
    leaves_at: str | None
    cost_cents: int | None
    rank: int | None
    held_until: str | None
    cancellable: bool
    cancellable_until: str | None
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookings:
    """A page of bookings by day; the total is the cost of the whole filtered list."""

    data: tuple[Booking, ...]
    total_cents: int
    next_cursor: str | None = None
