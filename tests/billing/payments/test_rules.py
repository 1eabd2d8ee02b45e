"""What a payment is for, and what undoes it."""

from datetime import timedelta

from billing.payments.model import Allocation, Method, Payment
from billing.payments.rules import counter_payment, paid_for
from tests.billing.town import FAMILY, LEISURE, NOW

PAYMENT = Payment(
    id="payment-1",
    family_id=FAMILY,
    office=LEISURE,
    method=Method.ONLINE,
    amount_cents=900,
    received_at=NOW,
    payer="Ana Roy",
    allocations=(Allocation("settlement-1", 500), Allocation("settlement-2", 300)),
    receipt_number="R-LOISIRS-2026-000001",
)


def test_what_is_told_as_paid_adds_up_to_the_payment_with_what_nobody_needs():
    assert paid_for(PAYMENT, "settlement-1") == 600
    assert paid_for(PAYMENT, "settlement-2") == 300


def test_a_counter_payment_takes_the_money_back_from_where_it_went():
    undone = counter_payment(PAYMENT, "payment-2", "the cashier", NOW + timedelta(days=1))
    assert (undone.amount_cents, undone.undoes, undone.cashier) == (-900, "payment-1", "the cashier")
    assert [each.amount_cents for each in undone.allocations] == [-500, -300]
    assert (undone.receipt_number, undone.received_at) == ("", NOW + timedelta(days=1))
