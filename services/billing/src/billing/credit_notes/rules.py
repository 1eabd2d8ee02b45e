"""Credit notes: the oldest goes first, never more than is left, never across cash offices; giving back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from billing.credit_notes.model import Charge, CreditNote, CreditReason, CreditUse, Movements
from billing.ledger.model import EntryKind, JournalEntry, Leg
from billing.ledger.rules import bank_of, credit_of, revenue_of
from billing.vocabulary import UnsentEvent


def oldest_first(notes: Iterable[CreditNote]) -> list[CreditNote]:
    """Return the notes in the order in which they are used up."""
    return sorted(notes, key=lambda note: (note.issued_at, note.number == "", note.number))


def assign(notes: Sequence[CreditNote], amount_cents: int) -> tuple[tuple[CreditUse, ...], int]:
    """Return what an amount takes of notes of one cash office, oldest first, and what stays uncovered."""
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
    """Return the uses that are kept, and those worth `amount_cents` that go back: the last taken first."""
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


def charged_to(charges: Mapping[str, Charge], family_ids: Collection[str]) -> dict[str, Charge]:
    """Return the charges of a family's own bookings, whichever id of its file they stand under."""
    return {name: charge for name, charge in charges.items() if charge.family_id in family_ids}


def credit(charge: Charge, credit_note_id: str, reason: CreditReason, now: datetime) -> Movements:
    """Return what gives back all that a booking was charged and not given back yet, if that is anything."""
    amount = charge.charged_cents - charge.credited_cents
    if amount <= 0:
        return Movements()
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
    entry = JournalEntry(
        id=f"{EntryKind.CREDIT_NOTE}:{charge.booking_id}",
        kind=EntryKind.CREDIT_NOTE,
        family_id=charge.family_id,
        cash_office_id=charge.office.id,
        legs=(
            Leg(revenue_of(charge.office), -amount),
            Leg(credit_of(charge.family_id, charge.office), amount),
        ),
        about={"booking_id": charge.booking_id, "credit_note_id": credit_note_id},
        uses=((credit_note_id, -amount),),
    )
    return Movements(entries=(entry,), issued=(note,), credited=((charge.booking_id, amount),))


def take_over(charge: Charge) -> Movements:
    """Return what charges a booking that was paid before this program kept the books."""
    cents = charge.charged_cents
    entry = JournalEntry(
        id=f"{EntryKind.TAKEOVER}:{charge.booking_id}",
        kind=EntryKind.TAKEOVER,
        family_id=charge.family_id,
        cash_office_id=charge.office.id,
        legs=(Leg(bank_of(charge.office), -cents), Leg(revenue_of(charge.office), cents)),
        about={"booking_id": charge.booking_id},
    )
    return Movements(entries=(entry,) if cents else (), charged=(charge,))


def issued(note: CreditNote) -> UnsentEvent:
    """Return the event that tells of a new credit note, which has its number by now."""
    return UnsentEvent(
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
