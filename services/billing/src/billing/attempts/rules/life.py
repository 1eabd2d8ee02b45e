"""An attempt's life: how it begins, what a look-up decides, and when to look again."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from billing.attempts.model import (
    ATTEMPT,
    FINAL_STATES,
    OPEN_STATES,
    AttemptAsk,
    AttemptPart,
    AttemptState,
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


def begin(
    settlement: Settlement,
    ask: AttemptAsk,
    current: PaymentAttempt | None,
    now: datetime,
    being_checked: Collection[str] = (),
) -> PaymentAttempt | PageOpen | str:
    """Return a new attempt to pay one part, the one whose page is open already, or the code of a refusal.

    `current` is the latest attempt at the part asked for, `being_checked` are the cash offices at which one
    is in quarantine. Refusals: nothing_due, payment_being_checked, hold_expired. Of two pages that are open
    for one debt, both could be paid: while an earlier one may still be, and is not given again, PageOpen.
    """
    part = due_part(settlement, ask.cash_office_id)
    if part is None:
        return "nothing_due"
    if part.office.id in being_checked:
        return "payment_being_checked"
    if current is not None and current.state in OPEN_STATES and now < current.expires_at:
        return current
    if now >= part.held_until:
        return "hold_expired"
    if current is not None and (until := open_until(current, now)) is not None:
        return PageOpen(until)
    return PaymentAttempt(
        id=ask.attempt_id,
        family_id=settlement.family_id,
        account_id=ask.account_id,
        office=part.office,
        parts=(AttemptPart(settlement.id, part.amount_due_cents),),
        amount_cents=part.amount_due_cents,
        state=AttemptState.CREATED,
        body_sha256=ask.body_sha256,
        started_at=now,
        expires_at=now + ask.page_open,
        payer=ask.payer,
        look_up_at=now + ask.page_open,
    )


def due_part(settlement: Settlement, cash_office_id: str | None) -> Part | None:
    """Return the part to be paid: that of the cash office asked for, else the first one that is due."""
    due = (part for part in settlement.parts if part.state is PartState.DUE)
    return next((part for part in due if cash_office_id in (None, part.office.id)), None)
