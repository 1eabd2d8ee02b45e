"""What an order came to, and what waits to be paid, as replies."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from billing.credit_notes.model import CreditNote
from billing.settlements.model import Part, Settlement
from billing.settlements.rules.settling import payable_parts
from billing.vocabulary import Reply
from chassis.values.instants import to_text


def settled(settlement: Settlement, notes: Iterable[CreditNote]) -> Reply:
    """Return what was said of an order when it was settled, and the credit notes of what it cancelled."""
    given = [
        {"booking_id": note.booking_id, "number": note.number, "amount_cents": note.amount_cents}
        for note in notes
    ]
    return {**settlement.answer, "credit_notes": given}


def settlements_due(
    due: Iterable[Settlement], now: datetime, being_checked: Collection[tuple[str, str]] = ()
) -> Reply:
    """Return what waits to be paid; `being_checked` are (settlement id, cash office id)."""
    return {"data": [_due(settlement, payable_parts(settlement, now), being_checked) for settlement in due]}


def _due(settlement: Settlement, parts: Sequence[Part], being_checked: Collection[tuple[str, str]]) -> Reply:
    return {
        "settlement_id": settlement.id,
        "amount_due_cents": sum(part.amount_due_cents for part in parts),
        "held_until": to_text(min(part.held_until for part in parts)),
        "offices": [
            {
                "cash_office_id": part.office.id,
                "name": part.office.name,
                "bookings_cents": part.bookings_cents,
                "credits_used_cents": part.credits_used_cents,
                "amount_due_cents": part.amount_due_cents,
            }
            for part in parts
        ],
        "being_checked": [
            part.office.id for part in parts if (settlement.id, part.office.id) in being_checked
        ],
    }
