"""Closings as agents see them, and what families are told of them."""

from collections.abc import Sequence

from booking.closures.model import Closing, ClosingState, LeftBooking
from booking.labels import day_text
from chassis.storage.documents import Document


def closing(one: Closing) -> Document:
    """Write a closing."""
    return {
        "id": one.id,
        "centre_id": one.centre_id,
        "starts_on": day_text(one.starts_on),
        "ends_on": day_text(one.ends_on),
        "name": one.name,
        "state": one.state.value,
        "version": one.version,
    }


def event_of(one: Closing) -> str:
    """Name the event that tells of a closing: closed, or open again."""
    return "days_closed" if one.state is ClosingState.CLOSED else "days_opened"


def telling_id(one: Closing, family_id: str) -> str:
    """Name what one family is told of one closing or opening."""
    return f"{one.mark}.{family_id}"


def told(one: Closing, family_id: str, left: Sequence[LeftBooking]) -> Document:
    """Write what one family is told."""
    return {
        "closing_id": one.mark,
        "telling_id": telling_id(one, family_id),
        "family_id": family_id,
        "name": one.name,
        "lines": [
            {
                "booking_id": each.booking_id,
                "child_name": each.child_name,
                "activity_name": each.activity_name,
                "day": day_text(each.day),
                "was": each.was,
            }
            for each in left
        ],
    }
