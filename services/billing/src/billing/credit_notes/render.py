"""Credit notes as replies."""

from collections.abc import Iterable

from billing.credit_notes.model import CreditNote
from billing.vocabulary import Reply
from chassis.values.instants import to_text


def credit_notes(notes: Iterable[CreditNote]) -> Reply:
    """Return the history of credit notes."""
    return {
        "data": [
            {
                **credit_note(note),
                "cash_office_name": note.office.name,
                "reason": note.reason.value,
                "booking_id": note.booking_id,
            }
            for note in notes
        ]
    }


def credit_note(note: CreditNote) -> Reply:
    """Return a credit note as the balance page shows it."""
    return {
        "id": note.id,
        "number": note.number,
        "amount_cents": note.amount_cents,
        "left_cents": note.left_cents,
        "cash_office_id": note.office.id,
        "issued_at": to_text(note.issued_at),
    }
