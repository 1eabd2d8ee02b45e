"""Days and instants as text, and the parts that several messages share."""

from datetime import date, datetime

from booking.vocabulary import BookingFacts, OfficeDue
from chassis.storage.documents import Document
from chassis.values.instants import to_text


def instant_text(instant: datetime | None) -> str | None:
    """Write an instant in UTC, "2026-11-16T08:00:00.000Z"."""
    return None if instant is None else to_text(instant)


def day_text(day: date | None) -> str | None:
    """Write a day, "2026-11-16"."""
    return day.isoformat() if day else None


def office(one: OfficeDue) -> Document:
    """Write what one cash office asks for."""
    return {
        "cash_office_id": one.cash_office_id,
        "name": one.name,
        "bookings_cents": one.bookings_cents,
        "credits_used_cents": one.credits_used_cents,
        "amount_due_cents": one.amount_due_cents,
    }


def facts(one: BookingFacts) -> Document:
    """Write the facts of a booking as a family sees them; the group of its activity is for billing."""
    written = one.as_document()
    del written["activity_group"]
    return written


def cancellable_facts(one: BookingFacts, closes_at: datetime | None) -> Document:
    """Write the facts of a booking, and until when it may be cancelled."""
    return {**facts(one), "cancellable_until": instant_text(closes_at)}
