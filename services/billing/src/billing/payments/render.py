"""Payments as the lines of their history."""

from collections.abc import Iterable

from billing.payments.model import Payment
from billing.vocabulary import Reply
from chassis.values.instants import to_text


def payments(received: Iterable[Payment]) -> Reply:
    """Return the history of payments."""
    return {
        "data": [
            {
                "id": payment.id,
                "paid_at": to_text(payment.received_at),
                "method": payment.method.value,
                "reference": payment.reference,
                "payer": payment.payer,
                "amount_cents": payment.amount_cents,
                "receipt_number": payment.receipt_number,
                "cash_office_name": payment.office.name,
            }
            for payment in received
        ]
    }
