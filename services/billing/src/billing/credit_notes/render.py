"""Credit notes as replies."""

from collections.abc import Iterable

from billing.credit_notes.model import CreditNote
from billing.vocabulary import Reply, instant


def credit_notes(notes: Iterable[CreditNote]) -> Reply:
    """Answer with the history of credit notes."""
    return {
        "data": [
            _free_credit(note)
            | {
                "cash_office_name": note.office.name,
                "reason": note.reason.value,
                "booking_id": note.booking_id,
            }
            for note in notes
        ]
    }


def _free_credit(note: CreditNote) -> Reply:
    return {
        "id": note.id,
        "number": note.number,
        "amount_cents": note.amount_cents,
        "left_cents": note.left_cents,
        "cash_office_id": note.office.id,
        "issued_at": instant(note.issued_at),
    }
