"""Which events tell of a change, once its documents have their numbers."""

from datetime import datetime
from typing import Any

from billing.attempts.model import Payment
from billing.settlements.model import Announcement, Changes, Part, Settlement

_ASKED_SEQUENCE = 1
_SETTLED_SEQUENCE = 2


def announcements(changes: Changes, settlement: Settlement | None, now: datetime) -> list[Announcement]:
    """Tell of what `changes` did.

    Credit notes (numbered by now), parts that are paid, promoted seats to be paid.
    """
    told = [
        Announcement(
            name="credit_note_issued",
            aggregate_id=note.id,
            sequence=1,
            data={
                "credit_note_id": note.id,
                "number": note.number,
                "family_id": note.family_id,
                "amount_cents": note.amount_cents,
                "booking_id": note.booking_id,
                "reason": note.reason.value,
                "cash_office_name": note.office.name,
            },
        )
        for note in changes.issued
    ]
    payment = changes.payment
    if payment is not None and not changes.settled:
        told.append(_receipt(payment, now))
    if settlement is None:
        return told
    places = {part.office.id: place for place, part in enumerate(settlement.parts)}
    told += [_settled(changes, settlement, part, places[part.office.id], now) for part in changes.settled]
    told += [_asked(settlement, part) for part in changes.asked]
    return told


def _settled(changes: Changes, settlement: Settlement, part: Part, place: int, now: datetime) -> Announcement:
    payment = changes.payment
    return Announcement(
        name="payment_settled",
        aggregate_id=settlement.id,
        sequence=_SETTLED_SEQUENCE + place,
        data={
            "settlement_id": settlement.id,
            "family_id": settlement.family_id,
            "lines": [{"booking_id": line.booking_id} for line in part.lines],
            "amount_cents": payment.amount_cents if payment else 0,
            "credits_used_cents": part.credits_used_cents,
            "receipt_number": payment.receipt_number if payment else None,
            "paid_at": _instant(payment.paid_at if payment and payment.paid_at else now),
            "cash_office_name": part.office.name,
            "method": "online" if payment else "credit",
        },
    )


def _receipt(payment: Payment, now: datetime) -> Announcement:
    """Tell of money that no booking needed any more: it has a receipt like any other, and is an avoir now."""
    return Announcement(
        name="payment_settled",
        aggregate_id=payment.id,
        sequence=_SETTLED_SEQUENCE,
        data={
            "settlement_id": payment.settlement_id,
            "family_id": payment.family_id,
            "lines": [],
            "amount_cents": payment.amount_cents,
            "credits_used_cents": 0,
            "receipt_number": payment.receipt_number,
            "paid_at": _instant(payment.paid_at or now),
            "cash_office_name": payment.office.name,
            "method": "online",
        },
    )


def _asked(settlement: Settlement, part: Part) -> Announcement:
    facts: dict[str, Any] = settlement.promotion.facts if settlement.promotion else {}
    return Announcement(
        name="payment_asked",
        aggregate_id=settlement.id,
        sequence=_ASKED_SEQUENCE,
        data={
            "settlement_id": settlement.id,
            "booking_id": part.lines[0].booking_id,
            "family_id": settlement.family_id,
            "amount_cents": part.amount_due_cents,
            "held_until": _instant(part.held_until),
            "facts": facts,
        },
    )


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
