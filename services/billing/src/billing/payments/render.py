"""Payments as the lines of their history."""

from collections.abc import Iterable

from billing.attempts.model import Payment
from billing.vocabulary import Reply, instant


def payments(paid: Iterable[Payment]) -> Reply:
    """Answer with the history of payments."""
    return {
        "data": [
            {
                "id": payment.id,
                "paid_at": instant(payment.paid_at or payment.started_at),
                "method": "online",
                "reference": payment.authorisation,
                "payer": payment.payer,
                "amount_cents": payment.amount_cents,
                "receipt_number": payment.receipt_number,
                "cash_office_name": payment.office.name,
            }
            for payment in paid
        ]
    }
