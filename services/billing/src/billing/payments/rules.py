"""What a payment is for, and what undoes it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from billing.payments.model import Allocation, Payment


def each_once(received: Iterable[Payment], in_attempts: Iterable[Payment]) -> list[Payment]:
    """Return payments of two places, the latest first: one that stands in both is what was received."""
    told = {payment.id: payment for payment in in_attempts} | {payment.id: payment for payment in received}
    return sorted(told.values(), key=lambda payment: (payment.received_at, payment.id), reverse=True)


def allocated(payment: Payment) -> int:
    """Return the cents of a payment that settle orders; the others are a credit note."""
    return sum(each.amount_cents for each in payment.allocations)


def paid_for(payment: Payment, settlement_id: str) -> int:
    """Return the cents that are told as paid for a settlement: its own, and with the first all that is over.

    So that what is told of a payment's settlements adds up to what came.
    """
    own = {each.settlement_id: each.amount_cents for each in payment.allocations}
    over = payment.amount_cents - allocated(payment)
    first = payment.allocations[0].settlement_id
    return own[settlement_id] + (over if settlement_id == first else 0)


def counter_payment(payment: Payment, payment_id: str, cashier: str, now: datetime) -> Payment:
    """Return the payment that undoes another: the same money back, from where it went."""
    return replace(
        payment,
        id=payment_id,
        amount_cents=-payment.amount_cents,
        allocations=tuple(Allocation(each.settlement_id, -each.amount_cents) for each in payment.allocations),
        received_at=now,
        cashier=cashier,
        receipt_number="",
        attempt_id=None,
        undoes=payment.id,
    )
