"""What a payment is for, and what undoes it."""

from dataclasses import replace
from datetime import timedelta

from billing.payments.model import Allocation, Method, Payment
from billing.payments.rules import counter_payment, each_once, paid_for
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
    attempt_id="payment-1",
)


def test_what_is_told_as_paid_adds_up_to_the_payment_with_what_nobody_needs():
    assert paid_for(PAYMENT, "settlement-1") == 600
    assert paid_for(PAYMENT, "settlement-2") == 300


def test_a_counter_payment_takes_the_money_back_from_where_it_went():
    undone = counter_payment(PAYMENT, "payment-2", "the cashier", NOW + timedelta(days=1))
    assert (undone.amount_cents, undone.undoes, undone.cashier) == (-900, "payment-1", "the cashier")
    assert [each.amount_cents for each in undone.allocations] == [-500, -300]
    assert (undone.receipt_number, undone.received_at) == ("", NOW + timedelta(days=1))


def test_an_attempt_ends_in_one_payment_and_not_in_that_which_undoes_it():
    assert counter_payment(PAYMENT, "payment-2", "the cashier", NOW).attempt_id is None


def test_a_payment_that_stands_in_two_places_is_told_once_and_the_latest_is_first():
    later = replace(PAYMENT, id="payment-2", received_at=NOW + timedelta(days=1))
    inside = replace(PAYMENT, allocations=())
    assert each_once([PAYMENT], [inside, later]) == [later, PAYMENT]
    assert each_once([], [inside]) == [inside]
