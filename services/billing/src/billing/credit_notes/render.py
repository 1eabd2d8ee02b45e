"""Credit notes as replies, and one as a document."""

from collections.abc import Iterable
from typing import Final

from billing.credit_notes.model import CreditNote, CreditReason
from billing.vocabulary import Reply
from chassis.printing.document import Cell, Document, Facts, Letterhead, Paragraph
from chassis.values import typography
from chassis.values.instants import to_text

WORDS: Final = {
    "fr": {
        "title": "Avoir",
        "number": "Numéro",
        "amount": "Montant",
        "issued_at": "Établi le",
        "reason": "Motif",
        "family": "Famille",
        "office": "Établi par",
        "used": "Il paie de lui-même votre prochaine réservation auprès de cette régie, le plus ancien avoir "
        "d'abord. Ce qui en reste se lit sur la page de votre solde.",
        CreditReason.CANCELLED: "Réservation payée, annulée à temps",
        CreditReason.CLOSED: "Journée fermée",
        CreditReason.SEAT_LOST: "Payé après le délai, quand la place n'était plus libre",
        CreditReason.NOT_NEEDED: "Paiement dont rien n'avait plus besoin",
    },
    "en": {
        "title": "Credit note",
        "number": "Number",
        "amount": "Amount",
        "issued_at": "Issued on",
        "reason": "Reason",
        "family": "Family",
        "office": "Issued by",
        "used": "It pays your next booking at this cash office by itself, the oldest credit note first. "
        "What is left of it stands on the page of your balance.",
        CreditReason.CANCELLED: "Paid booking, cancelled in time",
        CreditReason.CLOSED: "Closed day",
        CreditReason.SEAT_LOST: "Paid too late, when the seat was gone",
        CreditReason.NOT_NEEDED: "Payment that was not needed any more",
    },
}


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


def printed_note(note: CreditNote, family: str, head: Letterhead, zone: str, language: str) -> Document:
    """Return a credit note as it was issued; what was used of it since is no part of it."""
    words = WORDS[language]
    told = (
        ("number", note.number),
        ("amount", typography.money(note.amount_cents, language)),
        ("issued_at", typography.moment(to_text(note.issued_at), zone, language)),
        ("reason", typography.typeset(words[note.reason], language)),
        ("family", family),
        ("office", note.office.name),
    )
    rows = tuple((words[name], Cell(value)) for name, value in told if value)
    return Document(
        title=words["title"],
        language=language,
        letterhead=head,
        at=note.issued_at,
        blocks=(Facts(rows), Paragraph(typography.typeset(words["used"], language))),
        foot=f"{head.name}, {note.number}",
    )
