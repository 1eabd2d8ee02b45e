"""Bookings of the tracking list as messages."""

from datetime import datetime

from booking.bookings.model import BookingRecord
from booking.bookings.rules import why_not_cancellable
from booking.labels import cancellable_facts, instant_text
from booking.seats.model import SeatsDocument
from chassis.storage.documents import Document


def booking(record: BookingRecord, day: SeatsDocument | None, rank: int | None, now: datetime) -> Document:
    """Write a booking with what its day says of it: until when it may be cancelled, or why it can't be."""
    slots = day.slots if day else ()
    slot = next((each for each in slots if each.id == record.slot), None)
    why_not = why_not_cancellable(record, slot, now)
    return {
        "id": record.id,
        **cancellable_facts(record.facts, slot.cancelling_closes_at if slot else None),
        "state": record.state.value,
        "rank": rank,
        "held_until": instant_text(record.held_until),
        "cancellable": why_not is None,
        "why_not": why_not.value if why_not else None,
        "confirmation_id": record.confirmation_id,
    }
