"""Charges and credit notes as documents."""

from collections.abc import Mapping
from typing import Any

from billing.credit_notes.model import Charge, CreditNote, CreditReason
from billing.offices.store import office_document, office_from
from billing.vocabulary import Document


def note_document(note: CreditNote) -> Document:
    """Write a credit note without its key."""
    return {
        "id": note.id,
        "family_id": note.family_id,
        "office": office_document(note.office),
        "amount_cents": note.amount_cents,
        "left_cents": note.left_cents,
        "reason": note.reason.value,
        "issued_at": note.issued_at,
        "number": note.number,
        "booking_id": note.booking_id,
        "payment_id": note.payment_id,
    }


def note_from(found: Mapping[str, Any]) -> CreditNote:
    """Read a credit note."""
    return CreditNote(
        id=found["id"],
        family_id=found["family_id"],
        office=office_from(found["office"]),
        amount_cents=found["amount_cents"],
        left_cents=found["left_cents"],
        reason=CreditReason(found["reason"]),
        issued_at=found["issued_at"],
        number=found["number"],
        booking_id=found["booking_id"],
        payment_id=found["payment_id"],
    )


def charge_document(charge: Charge) -> Document:
    """Write a charge without its key."""
    return {
        "booking_id": charge.booking_id,
        "settlement_id": charge.settlement_id,
        "family_id": charge.family_id,
        "office": office_document(charge.office),
        "wallet_id": charge.wallet_id,
        "charged_cents": charge.charged_cents,
        "credited_cents": charge.credited_cents,
        "charged_at": charge.charged_at,
    }


def charge_from(found: Mapping[str, Any]) -> Charge:
    """Read a charge."""
    return Charge(
        booking_id=found["booking_id"],
        settlement_id=found["settlement_id"],
        family_id=found["family_id"],
        office=office_from(found["office"]),
        wallet_id=found["wallet_id"],
        charged_cents=found["charged_cents"],
        charged_at=found["charged_at"],
        credited_cents=found["credited_cents"],
    )
