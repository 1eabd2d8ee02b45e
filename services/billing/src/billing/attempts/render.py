"""Payments as replies."""

from billing.attempts.model import Payment
from billing.vocabulary import Reply, instant


def started(payment: Payment) -> Reply:
    """Answer where to pay."""
    return {
        "payment": {
            "id": payment.id,
            "state": payment.state.value,
            "page_url": payment.page_url,
            "amount_cents": payment.amount_cents,
            "expires_at": instant(payment.expires_at),
        }
    }


def payment_reply(payment: Payment) -> Reply:
    """Answer where a payment stands."""
    return {
        "payment": {
            "id": payment.id,
            "settlement_id": payment.settlement_id,
            "cash_office_id": payment.office.id,
            "amount_cents": payment.amount_cents,
            "state": payment.state.value,
            "receipt_number": payment.receipt_number,
            "authorisation": payment.authorisation,
            "paid_at": instant(payment.paid_at) if payment.paid_at else None,
        }
    }
