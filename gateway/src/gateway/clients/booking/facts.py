"""What is told of a booking wherever it is told: in a review, in a confirmation, in the list of bookings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """Who is booked where and when, how it is charged, and what it costs, in integer cents.

    No field has a default: every reply names them all, and a page has fifty bookings to be read.
    """

    child_id: str
    child_name: str
    activity_id: str
    activity_name: str
    centre_id: str
    centre_name: str
    day: str
    day_part: str
    arrives_at: str | None
    leaves_at: str | None
    charging_mode: str
    cost_cents: int | None


@dataclass(frozen=True, slots=True)
class CancellableFacts(BookingFacts):
    """The facts of a booking, and until when it may be cancelled; None where it may not or at any time."""

    cancellable_until: str | None
