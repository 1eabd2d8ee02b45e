"""Days and instants as text, and the parts that several messages share."""

from datetime import UTC, date, datetime
from typing import Any

from booking.vocabulary import Office


def instant_text(instant: datetime | None) -> str | None:
    """Write an instant in UTC, "2026-11-16T08:00:00.000Z"."""
    if instant is None:
        return None
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day_text(day: date | None) -> str | None:
    """Write a day, "2026-11-16"."""
    return day.isoformat() if day else None


def office(one: Office) -> dict[str, Any]:
    """Write what one cash office asks for."""
    return {
        "cash_office_id": one.cash_office_id,
        "name": one.name,
        "bookings_cents": one.bookings_cents,
        "credits_used_cents": one.credits_used_cents,
        "amount_due_cents": one.amount_due_cents,
    }
