"""Attempts to pay, as replies; families know them as payments."""

from datetime import datetime

from billing.attempts.model import PaymentAttempt
from billing.payments.model import Payment
from billing.payments.rules import allocated
from billing.vocabulary import Reply
from chassis.values.instants import to_text


def started(attempt: PaymentAttempt) -> Reply:
    """Return where to pay."""
    return {
        "payment": {
            "id": attempt.id,
            "state": attempt.state.value,
            "page_url": attempt.page_url,
            "amount_cents": attempt.amount_cents,
            "expires_at": to_text(attempt.expires_at),
        }
    }


def hinted(attempt: PaymentAttempt | None) -> Reply:
    """Return which attempt a provider has news of, and where it stands; nothing for what is not ours."""
    if attempt is None:
        return {"payment_id": None, "state": None}
    return {"payment_id": attempt.id, "state": attempt.state.value}


def attempt(tried: PaymentAttempt, payment: Payment | None, open_until: datetime | None) -> Reply:
    """Return where an attempt stands, with the payment that it ended in, and until when its page is open."""
    return {
        "payment": {
            "id": tried.id,
            "settlement_id": tried.parts[0].settlement_id,
            "cash_office_id": tried.office.id,
            "amount_cents": tried.amount_cents,
            "orders": _orders(tried, payment),
            "credited_cents": payment.amount_cents - allocated(payment) if payment else 0,
            "state": tried.state.value,
            "receipt_number": payment.receipt_number if payment else None,
            "authorisation": payment.reference if payment else None,
            "paid_at": to_text(payment.received_at) if payment else None,
            "page_open_until": to_text(open_until) if open_until else None,
            "resolution": _resolution(tried),
        }
    }


def _orders(tried: PaymentAttempt, payment: Payment | None) -> list[Reply]:
    settled = {each.settlement_id for each in payment.allocations} if payment else set()
    return [
        {
            "settlement_id": part.settlement_id,
            "amount_cents": part.amount_cents,
            "settled": part.settlement_id in settled,
        }
        for part in tried.parts
    ]


def quarantined(tried: PaymentAttempt) -> Reply:
    """Return what a cashier needs to know of an attempt in quarantine, and what was found out."""
    said = tried.quarantine
    return {
        "id": tried.id,
        "family_id": tried.family_id,
        "payer": tried.payer,
        "settlement_id": tried.parts[0].settlement_id,
        "cash_office_id": tried.office.id,
        "cash_office_name": tried.office.name,
        "started_at": to_text(tried.started_at),
        "amount_cents": tried.amount_cents,
        "quarantined_at": to_text(said.began_at) if said else None,
        "reported_cents": said.reported_cents if said else None,
        "reported_reference": said.reported_reference if said else None,
        "is_test": said.is_test if said else False,
        "authorisation": said.authorisation if said else None,
        "provider_reference": tried.provider_reference,
        "resolution": _resolution(tried),
    }


def _resolution(tried: PaymentAttempt) -> Reply | None:
    found_out = tried.quarantine.resolution if tried.quarantine else None
    if found_out is None:
        return None
    return {
        "outcome": found_out.outcome.value,
        "amount_cents": found_out.amount_cents,
        "resolved_at": to_text(found_out.resolved_at),
    }
