"""What a day of news comes to: each movement counts once, as it stands at the end.

A movement is a line of a confirmation: a booking that was asked for, or a cancellation. What the services,
the queue or a payment make of it later is a change of the same movement, told under its booking's id.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from notify.news.model import Digest

Facts = Mapping[str, Any]
Movement = tuple[str, str]
"""The booking's id, or the place of the line where it has none, and the action."""

COUNTED = {
    ("book", "accepted"): "accepted",
    ("book", "held"): "held",
    ("book", "requested"): "pending",
    ("book", "submitted"): "pending",
    ("book", "waitlisted"): "waitlisted",
    ("book", "refused"): "refused",
    ("book", "expired"): "expired",
    ("cancel", "cancelled"): "cancelled",
    ("cancel", "cancellation_requested"): "cancellations_pending",
    ("cancel", "refused"): "cancellations_refused",
}

SETTLED = {
    "booking_waitlisted": ("book", "waitlisted"),
    "booking_accepted": ("book", "accepted"),
    "booking_refused": ("book", "refused"),
    "booking_cancelled": ("cancel", "cancelled"),
    "cancellation_declined": ("cancel", "refused"),
    "hold_expired": ("book", "expired"),
    "seat_lost": ("book", "expired"),
}
"""What one event makes of one movement."""


def digest_of(told: Iterable[tuple[str, Facts]]) -> Digest:
    """Return what events (name, data) come to, in the order in which they happened."""
    received: Counter[str] = Counter()
    states: dict[Movement, str] = {}
    for event, data in told:
        if event == "confirmation_answered":
            received.update(line["action"] for line in data["lines"])
        states.update(_changes(event, data))
    ended = Counter(COUNTED.get((action, state), "") for (_, action), state in states.items())
    del ended[""]  # states of a later release
    return Digest(
        received=received.total(), new=received["book"], cancellations=received["cancel"], **dict(ended)
    )


def _changes(event: str, data: Facts) -> dict[Movement, str]:
    """Return which movements an event leaves in which state."""
    if event in SETTLED:
        action, state = SETTLED[event]
        return {(data["booking_id"], action): state}
    match event:
        case "confirmation_answered":
            return {
                (line.get("booking_id") or f"{data['confirmation_id']}:{place}", line["action"]): line[
                    "verdict"
                ]
                for place, line in enumerate(data["lines"])
            }
        case "payment_settled":
            told = data.get("receipt") or data  # of a payment for several orders one event is counted
            return {(line["booking_id"], "book"): "accepted" for line in told["lines"]}
        case "seat_promoted":
            return {(data["booking_id"], "book"): data["to"]}
    return {}
