"""An attempt's life: how it begins, what a look-up decides, and when to look again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from billing.attempts.model import (
    ATTEMPT,
    FINAL_STATES,
    OPEN_STATES,
    AttemptAsk,
    AttemptPart,
    AttemptState,
    Debt,
    Outcome,
    PageOpen,
    PaymentAttempt,
)
from billing.attempts.rules.quarantine import contradicts
from billing.settlements.model import Part, PartState, Settlement
from billing.vocabulary import ProviderResult, Result

LOOK_EVERY = timedelta(seconds=3)
"""The provider is asked about one payment once in this time at most, whoever wants to know."""

PAGE_LIVES = timedelta(minutes=20)
"""For so long after a page was opened its payment may come, also when its person went away and goes back."""

_FIRST_LOOKS_MIN = (1, 2, 5, 10, 20)
_HOURLY_UNTIL_MIN = 24 * 60
_DAILY_UNTIL_MIN = 7 * 24 * 60


def next_look(
    started_at: datetime, now: datetime, minute: timedelta = timedelta(minutes=1)
) -> datetime | None:
    """Return when to ask the provider again: after 1, 2, 5, 10, 20 min, then hourly a day, daily a week.

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
    attempt: PaymentAttempt,
    found: ProviderResult,
    now: datetime,
    minute: timedelta = timedelta(minutes=1),
) -> Outcome:
    """Return what a look-up's answer makes of an attempt.

    Only the provider's word counts, and only for this reference and amount: where it says paid of anything
    else, the attempt is quarantined, and as long as no money came, such an answer counts for nothing. An
    attempt that was refused, abandoned or expired may still turn out paid, since a person can go back; paid
    never changes.
    """
    if not contradicts(attempt, found):
        state = ATTEMPT.after(attempt.state, found.result.value)
    elif found.result is Result.PAID:
        state = ATTEMPT.after(attempt.state, "contradicted")
    else:
        state = attempt.state if attempt.state not in FINAL_STATES else None
    if state is None:
        return Outcome(attempt.state, None)
    looks_on = may_still_be_paid(replace(attempt, state=state), now)
    look_up_at = next_look(attempt.started_at, now, minute) if looks_on else None
    if looks_on and look_up_at is None:
        return Outcome(AttemptState.EXPIRED, None)
    return Outcome(state, look_up_at if state in FINAL_STATES else _sooner(attempt, look_up_at, now))


def _sooner(attempt: PaymentAttempt, look_up_at: datetime | None, now: datetime) -> datetime | None:
    """Return when to look again; news that came while somebody looked may not have been seen by them."""
    if not attempt.hinted:
        return look_up_at
    soon = now + LOOK_EVERY
    return soon if look_up_at is None else min(look_up_at, soon)


def unknown(attempt: PaymentAttempt, now: datetime) -> ProviderResult:
    """Return what "never heard of it" means: undecided while the page is open, afterwards unpaid."""
    result = Result.PENDING if now < attempt.expires_at else Result.EXPIRED
    return ProviderResult(attempt.provider_reference or "", attempt.id, attempt.amount_cents, result)


def may_still_be_paid(attempt: PaymentAttempt, now: datetime) -> bool:
    """Tell whether money may still come in: undecided, or abandoned on a page that can be gone back to."""
    return attempt.state in OPEN_STATES or (
        attempt.state is AttemptState.ABANDONED and now < attempt.started_at + PAGE_LIVES
    )


def open_until(attempt: PaymentAttempt, now: datetime) -> datetime | None:
    """Return until when a page that was shown may be paid, whatever was heard of it; None: no more."""
    until = attempt.started_at + PAGE_LIVES
    shown = attempt.provider_reference is not None
    return until if shown and now < until and may_still_be_paid(attempt, now) else None


def begin(debts: Sequence[Debt], ask: AttemptAsk, now: datetime) -> PaymentAttempt | PageOpen | str:
    """Return a new attempt to pay all these, the one whose page is open already, or the code of a refusal.

    Refusals: nothing_due, payment_being_checked, hold_expired. Of two pages that are open for one debt, both
    could be paid: while an earlier one may still be, and is not given again, PageOpen. Who asks for all that
    is due leaves out what is being checked, as long as there is something else.
    """
    wanted = debts if ask.settlement_ids else [each for each in debts if not each.being_checked] or debts
    if not wanted:
        return "nothing_due"
    if any(debt.being_checked for debt in wanted):
        return "payment_being_checked"
    if (current := _page_of_all(wanted, ask, now)) is not None:
        return current
    if any(now >= debt.part.held_until for debt in wanted):
        return "hold_expired"
    if waits := [until for debt in wanted if (until := _kept_until(debt.current, now)) is not None]:
        return PageOpen(max(waits))
    parts = tuple(AttemptPart(debt.settlement.id, debt.part.amount_due_cents) for debt in wanted)
    return PaymentAttempt(
        id=ask.attempt_id,
        family_id=wanted[0].settlement.family_id,
        account_id=ask.account_id,
        office=wanted[0].part.office,
        parts=parts,
        amount_cents=sum(part.amount_cents for part in parts),
        state=AttemptState.CREATED,
        body_sha256=ask.body_sha256,
        started_at=now,
        expires_at=now + ask.page_open,
        payer=ask.payer,
        look_up_at=now + ask.page_open,
    )


def _page_of_all(debts: Sequence[Debt], ask: AttemptAsk, now: datetime) -> PaymentAttempt | None:
    """Return the attempt whose page is given again: it is open, and pays what is asked for and nothing else.

    Who asks for all that is due is given the page again that began with more: an order whose hold ended since
    is no reason for a second one.
    """
    current = debts[0].current
    if current is None or not _given_again(current, now):
        return None
    asked, paid = {debt.settlement.id for debt in debts}, {part.settlement_id for part in current.parts}
    pays_all = asked == paid if ask.settlement_ids else asked <= paid
    return current if pays_all and all(debt.current == current for debt in debts) else None


def _given_again(attempt: PaymentAttempt, now: datetime) -> bool:
    return attempt.state in OPEN_STATES and now < attempt.expires_at


def _kept_until(attempt: PaymentAttempt | None, now: datetime) -> datetime | None:
    """Return until when no other page is opened beside an attempt's, also one that is just being fetched."""
    if attempt is None:
        return None
    return open_until(attempt, now) or (attempt.expires_at if _given_again(attempt, now) else None)


def owed(settlements: Sequence[Settlement], ask: AttemptAsk, now: datetime) -> list[tuple[Settlement, Part]]:
    """Return the parts that are asked to be paid, each with its settlement; none when a named one isn't due.

    Where no order is named, `settlements` are all that wait, and those are asked that can be paid now.
    """
    if not ask.settlement_ids:
        parts = ((each, due_part(each, ask.cash_office_id)) for each in settlements)
        return [(each, part) for each, part in parts if part and now < part.held_until]
    first = due_part(settlements[0], ask.cash_office_id)
    if first is None:
        return []
    named = [(each, part) for each in settlements if (part := due_part(each, first.office.id))]
    return named if len(named) == len(settlements) else []


def due_part(settlement: Settlement, cash_office_id: str | None) -> Part | None:
    """Return the part to be paid: that of the cash office asked for, else the first one that is due."""
    due = (part for part in settlement.parts if part.state is PartState.DUE)
    return next((part for part in due if cash_office_id in (None, part.office.id)), None)
