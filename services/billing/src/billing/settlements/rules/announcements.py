"""Which events tell of a settlement, once its documents have their numbers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from billing.payments.model import Payment
from billing.payments.rules import paid_for
from billing.settlements.model import Effects, Part, Settlement
from billing.vocabulary import Document, UnsentEvent

_ASKED_SEQUENCE = 1
_SETTLED_SEQUENCE = 2


def announcements(changes: Effects, now: datetime) -> list[UnsentEvent]:
    """Return what tells of a decision in which no money came: parts that credit covers, seats to be paid."""
    settlement = changes.settlement
    if settlement is None:
        return []
    return [
        *(part_settled(settlement, part, None, now) for part in changes.settled),
        *(_asked(settlement, part) for part in changes.asked),
    ]


def parts_paid(
    settled: Sequence[tuple[Settlement, Part]], payment: Payment, now: datetime
) -> list[UnsentEvent]:
    """Return what tells of the parts that a payment settles: one event each, all with the whole receipt."""
    told = [part_settled(settlement, part, payment, now) for settlement, part in settled]
    if len(told) < 2:  # noqa: PLR2004 - its own event says all that a receipt of one says
        return told
    receipt = _receipt([part for _, part in settled], payment)
    return [replace(event, data={**event.data, "receipt": receipt}) for event in told]


def _receipt(parts: Sequence[Part], payment: Payment) -> Document:
    return {
        "amount_cents": payment.amount_cents,
        "credits_used_cents": sum(part.credits_used_cents for part in parts),
        "orders": len(parts),
        "lines": [{"booking_id": line.booking_id} for part in parts for line in part.lines],
    }


def part_settled(settlement: Settlement, part: Part, payment: Payment | None, now: datetime) -> UnsentEvent:
    """Return what tells of a part that has its money, by a payment or by credit alone."""
    place = [each.office.id for each in settlement.parts].index(part.office.id)
    return UnsentEvent(
        name="payment_settled",
        aggregate_id=settlement.id,
        sequence=_SETTLED_SEQUENCE + place,
        data={
            "settlement_id": settlement.id,
            "family_id": settlement.family_id,
            "lines": [{"booking_id": line.booking_id} for line in part.lines],
            "amount_cents": paid_for(payment, settlement.id) if payment else 0,
            "credits_used_cents": part.credits_used_cents,
            "receipt_number": payment.receipt_number if payment else None,
            "paid_at": payment.received_at if payment else now,
            "cash_office_name": part.office.name,
            "method": payment.method.value if payment else "credit",
        },
    )


def not_needed(payment: Payment, settlement_id: str, *, checked: bool = False) -> UnsentEvent:
    """Return what tells of money that no booking needed any more: its receipt; it is a credit note now.

    `checked`: a cashier found that it came, and the family was told that somebody would look.
    """
    return UnsentEvent(
        name="payment_settled",
        aggregate_id=payment.id,
        sequence=_SETTLED_SEQUENCE,
        data={
            "settlement_id": settlement_id,
            "family_id": payment.family_id,
            "lines": [],
            "amount_cents": payment.amount_cents,
            "credits_used_cents": 0,
            "receipt_number": payment.receipt_number,
            "paid_at": payment.received_at,
            "cash_office_name": payment.office.name,
            "method": payment.method.value,
            **({"checked": True} if checked else {}),
        },
    )


def _asked(settlement: Settlement, part: Part) -> UnsentEvent:
    facts: Document = settlement.promotion.facts if settlement.promotion else {}
    return UnsentEvent(
        name="payment_asked",
        aggregate_id=settlement.id,
        sequence=_ASKED_SEQUENCE,
        data={
            "settlement_id": settlement.id,
            "booking_id": part.lines[0].booking_id,
            "family_id": settlement.family_id,
            "amount_cents": part.amount_due_cents,
            "held_until": part.held_until,
            "facts": facts,
        },
    )
