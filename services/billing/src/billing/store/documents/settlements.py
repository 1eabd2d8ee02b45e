"""Settlements as documents."""

from collections.abc import Mapping
from typing import Any

from billing.model import CreditUse, Part, PartLine, PartState, Promotion, Settlement
from billing.store.documents.configuration import Document, office_document, office_from


def settlement_document(settlement: Settlement) -> Document:
    """Write a settlement without its key; `release_at` stands there only while a part waits to be paid."""
    waiting = [part.held_until for part in settlement.parts if part.state is PartState.DUE]
    document: Document = {
        "id": settlement.id,
        "family_id": settlement.family_id,
        "content_sha256": settlement.content_sha256,
        "asked_at": settlement.asked_at,
        "parts": [_part_document(part) for part in settlement.parts],
        "answer": settlement.answer,
    }
    if settlement.promotion:
        document["promotion"] = {
            "booking_id": settlement.promotion.booking_id,
            "facts": settlement.promotion.facts,
        }
    if waiting:
        document["release_at"] = min(waiting)
    return document


def settlement_from(found: Mapping[str, Any]) -> Settlement:
    """Read a settlement."""
    promotion = found.get("promotion")
    return Settlement(
        id=found["id"],
        family_id=found["family_id"],
        content_sha256=found["content_sha256"],
        asked_at=found["asked_at"],
        parts=tuple(_part_from(part) for part in found["parts"]),
        answer=found["answer"],
        promotion=Promotion(promotion["booking_id"], promotion["facts"]) if promotion else None,
    )


def _part_document(part: Part) -> Document:
    return {
        "office": office_document(part.office),
        "lines": [
            {
                "line": line.line,
                "booking_id": line.booking_id,
                "price_cents": line.price_cents,
                "wallet_id": line.wallet_id,
            }
            for line in part.lines
        ],
        "bookings_cents": part.bookings_cents,
        "credits": [[use.credit_note_id, use.amount_cents] for use in part.credits],
        "amount_due_cents": part.amount_due_cents,
        "state": part.state.value,
        "held_until": part.held_until,
        "payment_id": part.payment_id,
    }


def _part_from(found: Mapping[str, Any]) -> Part:
    return Part(
        office=office_from(found["office"]),
        lines=tuple(
            PartLine(each["line"], each["booking_id"], each["price_cents"], each["wallet_id"])
            for each in found["lines"]
        ),
        bookings_cents=found["bookings_cents"],
        credits=tuple(CreditUse(note, cents) for note, cents in found["credits"]),
        amount_due_cents=found["amount_due_cents"],
        state=PartState(found["state"]),
        held_until=found["held_until"],
        payment_id=found["payment_id"],
    )
