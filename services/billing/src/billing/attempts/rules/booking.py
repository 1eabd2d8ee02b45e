"""Where the money of an attempt goes: into what is due, and what nobody needs any more into a credit note."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from billing.attempts.model import AttemptPart, Booked, PaymentAttempt, Quarantine, Resolution
from billing.credit_notes.model import CreditNote, CreditReason, CreditUse, Movements
from billing.credit_notes.rules import assign
from billing.ledger.model import EntryKind, JournalEntry, Leg
from billing.ledger.rules import bank_of, credit_of, held_of, revenue_of
from billing.offices.model import CashOffice
from billing.payments.model import Allocation, Method, Payment
from billing.settlements.model import Part, PartState, Settlement
from billing.settlements.rules.settling import charges_of, moved, with_part
from billing.vocabulary import ProviderResult


@dataclass(frozen=True, slots=True)
class _Share:
    """What one settlement takes of the money: cents earned, with credit that was reserved or is fresh."""

    settlement: Settlement
    part: Part
    earned_cents: int
    reserved_cents: int
    fresh: tuple[CreditUse, ...]


def received(attempt: PaymentAttempt, found: ProviderResult, now: datetime) -> Payment:
    """Return the payment that an attempt ended in, not yet allocated and without a receipt number."""
    return Payment(
        id=attempt.id,
        family_id=attempt.family_id,
        office=attempt.office,
        method=Method.ONLINE,
        amount_cents=attempt.amount_cents,
        received_at=found.paid_at or now,
        payer=attempt.payer,
        reference=found.authorisation,
        attempt_id=attempt.id,
    )


def came_after_all(attempt: PaymentAttempt, quarantine: Quarantine, resolution: Resolution) -> Payment:
    """Return the payment that a cashier found to have come, still without a receipt number."""
    return Payment(
        id=attempt.id,
        family_id=attempt.family_id,
        office=attempt.office,
        method=Method.ONLINE,
        amount_cents=resolution.amount_cents,
        received_at=quarantine.paid_at or resolution.resolved_at,
        payer=attempt.payer,
        cashier=resolution.actor.get("account_id"),
        reference=quarantine.authorisation,
        attempt_id=attempt.id,
    )


def book(  # noqa: PLR0913 - named one by one
    payment: Payment,
    parts: Iterable[AttemptPart],
    settlements: Mapping[str, Settlement],
    notes: Sequence[CreditNote],
    *,
    credit_note_id: str,
    now: datetime,
) -> Booked:
    """Return what follows from money that came in, whatever became of the orders meanwhile.

    A due part is settled with its reserved credit. One that was released takes credit notes again, and is
    settled if they and the money cover it. What no order needs becomes a credit note, so that no cent is
    lost. `notes` are the family's free ones, at any cash office.
    """
    return _booked(payment, parts, _shares(payment.office, parts, settlements, notes), credit_note_id, now)


def kept_as_credit(
    payment: Payment, parts: Iterable[AttemptPart], *, credit_note_id: str, now: datetime
) -> Booked:
    """Return what follows from money that is for no order: all of it becomes a credit note."""
    return _booked(payment, parts, (), credit_note_id, now)


def _booked(
    payment: Payment,
    parts: Iterable[AttemptPart],
    shares: Sequence[_Share],
    credit_note_id: str,
    now: datetime,
) -> Booked:
    over = payment.amount_cents - sum(share.earned_cents for share in shares)
    surplus = _surplus(payment, over, credit_note_id, now) if over else ()
    fresh = tuple(use for share in shares for use in share.fresh)
    settled = tuple(_settled(share, payment.id) for share in shares)
    return Booked(
        payment=replace(
            payment,
            allocations=tuple(Allocation(each.settlement.id, each.earned_cents) for each in shares),
        ),
        moved=Movements(
            entries=(_entry(payment, parts, shares, fresh, surplus),),
            issued=surplus,
            used=fresh,
            charged=tuple(
                charge
                for settlement, part in settled
                for charge in charges_of(part, settlement.id, settlement.family_id, now)
            ),
        ),
        settled=settled,
    )


def _shares(
    office: CashOffice,
    parts: Iterable[AttemptPart],
    settlements: Mapping[str, Settlement],
    notes: Sequence[CreditNote],
) -> list[_Share]:
    """Return what each settlement takes that can still be settled; no credit note is taken twice."""
    shares: list[_Share] = []
    free = [note for note in notes if note.office.id == office.id]
    for named in parts:
        share = _share(settlements[named.settlement_id], office, named.amount_cents, free)
        if share is not None:
            shares.append(share)
            free = _left(free, share.fresh)
    return shares


def _share(
    settlement: Settlement, office: CashOffice, amount_cents: int, free: Sequence[CreditNote]
) -> _Share | None:
    """Return what a settlement's part takes of the money meant for it; None when it can't be settled."""
    part = next(part for part in settlement.parts if part.office.id == office.id)
    if part.state is PartState.DUE and part.amount_due_cents <= amount_cents:
        return _Share(settlement, part, part.amount_due_cents, part.credits_used_cents, ())
    if part.state is PartState.RELEASED and part.lines:
        earned = min(part.bookings_cents, amount_cents)
        uses, missing = assign(free, part.bookings_cents - earned)
        if not missing:
            return _Share(settlement, part, earned, 0, uses)
    return None


def _left(free: Iterable[CreditNote], uses: Iterable[CreditUse]) -> list[CreditNote]:
    taken = {use.credit_note_id: use.amount_cents for use in uses}
    return [replace(note, left_cents=note.left_cents - taken.get(note.id, 0)) for note in free]


def _settled(share: _Share, payment_id: str) -> tuple[Settlement, Part]:
    ended = replace(
        moved(share.part, "pay"),
        credits=(*share.part.credits, *share.fresh),
        amount_due_cents=share.earned_cents,
        attempt_id=payment_id,
    )
    return with_part(share.settlement, ended), ended


def _entry(
    payment: Payment,
    parts: Iterable[AttemptPart],
    shares: Sequence[_Share],
    fresh: Sequence[CreditUse],
    surplus: Sequence[CreditNote],
) -> JournalEntry:
    """Return the one entry of a payment; where its settlements are several, it names the first."""
    first = next(iter(parts))
    return JournalEntry(
        id=f"{EntryKind.PAYMENT}:{payment.id}",
        kind=EntryKind.PAYMENT,
        family_id=payment.family_id,
        cash_office_id=payment.office.id,
        legs=_legs(payment, shares, fresh),
        about={"settlement_id": first.settlement_id, "payment_id": payment.id},
        uses=(
            *((use.credit_note_id, use.amount_cents) for use in fresh),
            *((note.id, -note.amount_cents) for note in surplus),
        ),
    )


def _legs(payment: Payment, shares: Sequence[_Share], fresh: Sequence[CreditUse]) -> tuple[Leg, ...]:
    """Return what a payment moves: the money, what is over or taken of credit, then each order's own legs.

    What an order reserved lies on the account of its own id, which may be another one of the payer's file.
    """
    office, earned = payment.office, sum(share.earned_cents for share in shares)
    over = payment.amount_cents - earned - sum(use.amount_cents for use in fresh)
    legs = (
        Leg(bank_of(office), -payment.amount_cents),
        Leg(credit_of(payment.family_id, office), over),
        *(leg for share in shares for leg in _legs_of(share, office)),
    )
    return tuple(leg for leg in legs if leg.cents)


def _legs_of(share: _Share, office: CashOffice) -> tuple[Leg, Leg]:
    taken = sum(use.amount_cents for use in share.fresh)
    return (
        Leg(held_of(share.settlement.family_id, office), -share.reserved_cents),
        Leg(revenue_of(office), share.earned_cents + share.reserved_cents + taken),
    )


def _surplus(
    payment: Payment, amount_cents: int, credit_note_id: str, now: datetime
) -> tuple[CreditNote, ...]:
    note = CreditNote(
        id=credit_note_id,
        family_id=payment.family_id,
        office=payment.office,
        amount_cents=amount_cents,
        left_cents=amount_cents,
        reason=CreditReason.NOT_NEEDED,
        issued_at=now,
        payment_id=payment.id,
    )
    return (note,)
