"""Quarantine: money of which a provider says something else than it was asked for, and how that ends."""

from dataclasses import replace
from datetime import datetime

from billing.attempts.model import AttemptState, PaymentAttempt, Quarantine, Resolution
from billing.vocabulary import ProviderResult, UnsentEvent


def contradicts(attempt: PaymentAttempt, found: ProviderResult) -> bool:
    """Tell whether an answer is not about what was asked for: another amount or reference, or only a test."""
    asked = (attempt.id, attempt.amount_cents, False)
    return (found.reference, found.amount_cents, found.is_test) != asked


def quarantine_of(found: ProviderResult, now: datetime) -> Quarantine:
    """Return what is kept for the cashier of an answer that contradicts."""
    return Quarantine(
        began_at=now,
        reported_cents=found.amount_cents,
        reported_reference=found.reference,
        is_test=found.is_test,
        authorisation=found.authorisation,
        paid_at=found.paid_at,
    )


def not_received(attempt: PaymentAttempt) -> UnsentEvent:
    """Return what tells that nothing came of an attempt that was checked: its part can be paid again."""
    return UnsentEvent(
        name="payment_not_received",
        aggregate_id=attempt.id,
        sequence=1,
        data={
            "payment_id": attempt.id,
            "settlement_id": attempt.parts[0].settlement_id,
            "family_id": attempt.family_id,
            "amount_cents": attempt.amount_cents,
            "started_at": attempt.started_at,
            "cash_office_name": attempt.office.name,
        },
    )


def resolved(attempt: PaymentAttempt, resolution: Resolution) -> PaymentAttempt | None:
    """Return an attempt after a cashier found out; as it is when the same was said before.

    None: it is not in quarantine, or something else was found out already.
    """
    if attempt.state is not AttemptState.QUARANTINED:
        return None
    quarantine = attempt.quarantine or Quarantine(began_at=attempt.started_at)
    earlier = quarantine.resolution
    if earlier is None:
        return replace(attempt, quarantine=replace(quarantine, resolution=resolution))
    same = (earlier.outcome, earlier.amount_cents) == (resolution.outcome, resolution.amount_cents)
    return attempt if same else None
