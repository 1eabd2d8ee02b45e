"""The oldest credit note first, never more than what is left, never across cash offices; and giving back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from billing.credit_notes.model import Charge, CreditNote, CreditReason, CreditUse
from billing.ledger.model import Entry, EntryKind, Leg
from billing.ledger.rules import credit_of, revenue_of
from billing.settlements.model import Changes


def oldest_first(notes: Iterable[CreditNote]) -> list[CreditNote]:
    """Sort notes in the order in which they are used up."""
    return sorted(notes, key=lambda note: (note.issued_at, note.number == "", note.number))


def assign(notes: Sequence[CreditNote], amount_cents: int) -> tuple[tuple[CreditUse, ...], int]:
    """Take `amount_cents` from notes of one cash office, oldest first.

    Give the uses and what stays uncovered.
    """
    uses: list[CreditUse] = []
    missing = amount_cents
    for note in oldest_first(notes):
        taken = min(note.left_cents, missing)
        if taken > 0:
            uses.append(CreditUse(note.id, taken))
            missing -= taken
    return tuple(uses), missing


def give_back(
    uses: Sequence[CreditUse], amount_cents: int
) -> tuple[tuple[CreditUse, ...], tuple[CreditUse, ...]]:
    """Split uses into those kept and those given back, worth `amount_cents`.

    The last taken goes back first.
    """
    kept: list[CreditUse] = []
    freed: list[CreditUse] = []
    rest = amount_cents
    for use in reversed(uses):
        back = min(use.amount_cents, rest)
        rest -= back
        if back:
            freed.append(CreditUse(use.credit_note_id, back))
        if use.amount_cents > back:
            kept.append(CreditUse(use.credit_note_id, use.amount_cents - back))
    return tuple(reversed(kept)), tuple(freed)


def credit(charge: Charge, credit_note_id: str, reason: CreditReason, now: datetime) -> Changes:
    """Give back what a booking was charged and not given back yet.

    Nothing when there is nothing left to give.
    """
    amount = charge.charged_cents - charge.credited_cents
    if amount <= 0:
        return Changes()
    note = CreditNote(
        id=credit_note_id,
        family_id=charge.family_id,
        office=charge.office,
        amount_cents=amount,
        left_cents=amount,
        reason=reason,
        issued_at=now,
        booking_id=charge.booking_id,
    )
    about = {"booking_id": charge.booking_id, "credit_note_id": credit_note_id}
    entry = Entry(
        id=f"credit_note:{charge.booking_id}",
        kind=EntryKind.CREDIT_NOTE,
        family_id=charge.family_id,
        cash_office_id=charge.office.id,
        legs=(
            Leg(revenue_of(charge.office), -amount),
            Leg(credit_of(charge.family_id, charge.office), amount),
        ),
        about=about,
        uses=((credit_note_id, -amount),),
    )
    return Changes(entries=(entry,), issued=(note,), credited=((charge.booking_id, amount),))
