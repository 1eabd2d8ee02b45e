"""What receipts name: the seats that were to be paid, as they were told then."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from notify.vocabulary import KeptSeat

Facts = Mapping[str, Any]

_NAMES = [field.name for field in fields(KeptSeat) if field.name != "given_up"]


def seats_to_pay(event: str, facts: Facts) -> list[KeptSeat]:
    """Return the seats that an event says are kept to be paid."""
    match event, facts:
        case ("confirmation_answered", _):
            return [
                _seat(line) for line in facts["lines"] if line["verdict"] == "held" and line["booking_id"]
            ]
        case ("seat_promoted", {"to": "held"}):
            return [_seat(facts)]
    return []


def seats_given_up(event: str, facts: Facts) -> list[str]:
    """Return the bookings that an event says their family cancelled."""
    if event != "confirmation_answered":
        return []
    cancelled = [
        line for line in facts["lines"] if (line["action"], line["verdict"]) == ("cancel", "cancelled")
    ]
    return [line["booking_id"] for line in cancelled if line["booking_id"]]


def settled_bookings(event: str, facts: Facts) -> list[str]:
    """Return the bookings whose money an event says is there."""
    if event != "payment_settled":
        return []
    return [line["booking_id"] for line in facts.get("bookings") or facts.get("lines") or ()]


def with_seats(facts: Facts, seats: Mapping[str, KeptSeat]) -> dict[str, Any]:
    """Return a payment_settled with the seats that are known as its lines, by day."""
    known = [seats[id_] for id_ in settled_bookings("payment_settled", facts) if id_ in seats]
    in_order = sorted(known, key=lambda seat: (seat.child_name, seat.activity_name, seat.day))
    return {**facts, "lines": [asdict(seat) for seat in in_order]}


def _seat(line: Facts) -> KeptSeat:
    told: dict[str, Any] = {name: line.get(name) for name in _NAMES}
    return KeptSeat(**told)
