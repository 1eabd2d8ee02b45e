"""A payment's life: what a look-up decides, when to look again, and where the money goes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from billing.attempts.model import OPEN_PAYMENT_STATES, Outcome, Payment, PaymentAsk, PaymentState
from billing.credit_notes.model import CreditNote, CreditReason, CreditUse
from billing.credit_notes.rules import assign
from billing.ledger.model import Entry, EntryKind, Leg
from billing.ledger.rules import bank_of, credit_of, held_of, revenue_of
from billing.settlements.model import Changes, Part, PartState, Settlement
from billing.settlements.rules.settling import charges_of, with_part
from billing.vocabulary import ProviderResult, Result

PAGE_OPEN = timedelta(minutes=15)
FINAL_PAYMENT_STATES = frozenset({PaymentState.PAID, PaymentState.QUARANTINED})
_FIRST_LOOKS_MIN = (1, 2, 5, 10, 20)
_HOURLY_UNTIL_MIN = 24 * 60
_DAILY_UNTIL_MIN = 7 * 24 * 60
_STATE_OF = {
    Result.PENDING: PaymentState.CHECKING,
    Result.PAID: PaymentState.PAID,
    Result.REFUSED: PaymentState.REFUSED,
    Result.ABANDONED: PaymentState.ABANDONED,
    Result.EXPIRED: PaymentState.EXPIRED,
}


def next_look(
    started_at: datetime, now: datetime, minute: timedelta = timedelta(minutes=1)
) -> datetime | None:
    """Say when to ask the provider again: after 1, 2, 5, 10, 20 min, then hourly for a day, daily for a week.

    A shorter `minute` makes demonstrations and tests quick. None: a week has passed, nobody asks any more.
    """
    passed = (now - started_at) / minute
    for first in _FIRST_LOOKS_MIN:
        if passed < first:
            return started_at + first * minute
    step, until = (60, _HOURLY_UNTIL_MIN) if passed < _HOURLY_UNTIL_MIN else (24 * 60, _DAILY_UNTIL_MIN)
    if passed >= until:
        return None
    return started_at + (int(passed // step) + 1) * step * minute


def follow(
    payment: Payment, found: ProviderResult, now: datetime, minute: timedelta = timedelta(minutes=1)
) -> Outcome:
    """Decide what a look-up's answer makes of a payment.

    Only the provider's word counts, and only for this reference and amount: anything else is quarantined. A
    payment that was refused, abandoned or expired may still turn out paid, since a person can go back; paid
    never changes.
    """
    if payment.state in FINAL_PAYMENT_STATES:
        return Outcome(payment.state, None)
    if found.reference != payment.id or found.amount_cents != payment.amount_cents:
        return Outcome(PaymentState.QUARANTINED, None)
    state = _STATE_OF[found.result]
    looks_on = state in OPEN_PAYMENT_STATES or (state is PaymentState.ABANDONED and now < payment.expires_at)
    if not looks_on:
        return Outcome(state, None)
    look_up_at = next_look(payment.started_at, now, minute)
    return Outcome(state if look_up_at else PaymentState.EXPIRED, look_up_at)


def may_still_be_paid(payment: Payment, now: datetime) -> bool:
    """Tell whether money may still come in: undecided, or abandoned on a page that is still open."""
    return payment.state in OPEN_PAYMENT_STATES or (
        payment.state is PaymentState.ABANDONED and now < payment.expires_at
    )


def begin(settlement: Settlement, ask: PaymentAsk, current: Payment | None, now: datetime) -> Payment | str:
    """Begin to pay one part: a new payment, the one whose page is open already, or the code of a refusal.

    `current` is the latest payment of the part asked for. Refusals: nothing_due, hold_expired.
    """
    part = due_part(settlement, ask.cash_office_id)
    if part is None:
        return "nothing_due"
    if current is not None and current.state in OPEN_PAYMENT_STATES and now < current.expires_at:
        return current
    if now >= part.held_until:
        return "hold_expired"
    return Payment(
        id=ask.payment_id,
        settlement_id=settlement.id,
        family_id=settlement.family_id,
        account_id=ask.account_id,
        office=part.office,
        amount_cents=part.amount_due_cents,
        state=PaymentState.CREATED,
        body_sha256=ask.body_sha256,
        started_at=now,
        expires_at=now + PAGE_OPEN,
        payer=ask.payer,
        look_up_at=now + PAGE_OPEN,
    )


def due_part(settlement: Settlement, cash_office_id: str | None) -> Part | None:
    """Find the part to be paid: that of the cash office asked for, else the first one that is due."""
    return next(
        (
            part
            for part in settlement.parts
            if part.state is PartState.DUE and cash_office_id in (None, part.office.id)
        ),
        None,
    )


def book(
    payment: Payment, settlement: Settlement, notes: Sequence[CreditNote], credit_note_id: str, now: datetime
) -> Changes:
    """Book money that came in, whatever became of the order meanwhile; `payment` is the paid one.

    A due part is settled with its reserved avoirs. One that was released takes avoirs again, and is settled
    if they and the money cover it. What the order does not need becomes an avoir, so that no cent is lost.
    """
    part = next(part for part in settlement.parts if part.office.id == payment.office.id)
    needed, reserved, fresh = _needed(part, payment.amount_cents, notes)
    settles = needed is not None
    earned = needed if needed is not None else 0
    surplus = payment.amount_cents - earned
    family = settlement.family_id
    note = _surplus_note(payment, family, surplus, credit_note_id, now)
    ended = replace(
        part,
        state=PartState.SETTLED,
        credits=(*part.credits, *fresh),
        amount_due_cents=earned,
        payment_id=payment.id,
    )
    legs = _legs(payment, family, earned=earned, reserved=reserved, fresh=fresh, surplus=surplus)
    entry = Entry(
        id=f"{EntryKind.PAYMENT}:{payment.id}",
        kind=EntryKind.PAYMENT,
        family_id=family,
        cash_office_id=payment.office.id,
        legs=legs,
        about={"settlement_id": settlement.id, "payment_id": payment.id},
        uses=(
            *((use.credit_note_id, use.amount_cents) for use in fresh),
            *((each.id, -each.amount_cents) for each in note),
        ),
    )
    return Changes(
        settlement=with_part(settlement, ended) if settles else None,
        entries=(entry,),
        issued=note,
        used=fresh,
        charged=charges_of(ended, settlement.id, family, now) if settles else (),
        settled=(ended,) if settles else (),
        payment=payment,
    )


def _needed(
    part: Part, amount_cents: int, notes: Sequence[CreditNote]
) -> tuple[int | None, int, tuple[CreditUse, ...]]:
    """Say how much of the money the part takes (None.

    It can't be settled), its reserved and its fresh avoirs.
    """
    if part.state is PartState.DUE and part.amount_due_cents <= amount_cents:
        return part.amount_due_cents, part.credits_used_cents, ()
    if part.state is PartState.RELEASED and part.lines:
        needed = min(part.bookings_cents, amount_cents)
        own = [note for note in notes if note.office.id == part.office.id]
        uses, missing = assign(own, part.bookings_cents - needed)
        if not missing:
            return needed, 0, uses
    return None, 0, ()


def _legs(  # noqa: PLR0913 - named one by one
    payment: Payment,
    family_id: str,
    *,
    earned: int,
    reserved: int,
    fresh: tuple[CreditUse, ...],
    surplus: int,
) -> tuple[Leg, ...]:
    taken = sum(use.amount_cents for use in fresh)
    legs = (
        Leg(bank_of(payment.office), -payment.amount_cents),
        Leg(held_of(family_id, payment.office), -reserved),
        Leg(credit_of(family_id, payment.office), surplus - taken),
        Leg(revenue_of(payment.office), earned + reserved + taken),
    )
    return tuple(leg for leg in legs if leg.cents)


def _surplus_note(
    payment: Payment, family_id: str, surplus_cents: int, credit_note_id: str, now: datetime
) -> tuple[CreditNote, ...]:
    if not surplus_cents:
        return ()
    note = CreditNote(
        id=credit_note_id,
        family_id=family_id,
        office=payment.office,
        amount_cents=surplus_cents,
        left_cents=surplus_cents,
        reason=CreditReason.NOT_NEEDED,
        issued_at=now,
        payment_id=payment.id,
    )
    return (note,)
