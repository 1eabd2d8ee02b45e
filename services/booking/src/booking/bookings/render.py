"""Bookings of the tracking list as messages."""

from datetime import datetime
from typing import Any

from booking.bookings.model import BookingRecord
from booking.labels import day_text, instant_text
from booking.vocabulary import Reason


def booking(
    record: BookingRecord, rank: int | None, cancellable_until: datetime | None, why_not: Reason | None
) -> dict[str, Any]:
    """Write a booking; it can be cancelled unless `why_not` says why it can't."""
    return {
        "id": record.id,
        "child_id": record.child_id,
        "child_name": record.child_name,
        "activity_id": record.activity_id,
        "activity_name": record.activity_name,
        "centre_id": record.centre_id,
        "centre_name": record.centre_name,
        "day": day_text(record.day),
        "day_part": record.day_part.value,
        "arrives_at": record.arrives_at,
        "leaves_at": record.leaves_at,
        "charging_mode": record.charging_mode.value,
        "cost_cents": record.cost_cents,
        "state": record.state.value,
        "rank": rank,
        "held_until": instant_text(record.held_until),
        "cancellable": why_not is None,
        "cancellable_until": instant_text(cancellable_until),
        "why_not": why_not.value if why_not else None,
        "confirmation_id": record.confirmation_id,
    }
