"""The tables of docs/rules/money.md on payments, as parameters."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.attempts import rules as payments
from billing.attempts.model import PaymentState
from billing.settlements.model import PartState
from billing.settlements.rules import settling as settlements
from billing.vocabulary import Result
from tests.billing.town import (
    CANTEEN,
    LEISURE,
    NOW,
    ask,
    found,
    held,
    note,
    order,
    payment,
)


@pytest.mark.parametrize(
    ("passed_min", "next_min"),
    [
        (0, 1),
        (1, 2),
        (4, 5),
        (5, 10),
        (10, 20),
        (20, 60),
        (60, 120),
        (24 * 60, 48 * 60),
        (6 * 24 * 60, 7 * 24 * 60),
        (7 * 24 * 60, None),
    ],
)
def test_a_payment_nobody_told_of_is_looked_up_ever_more_rarely(passed_min, next_min):
    expected = None if next_min is None else NOW + timedelta(minutes=next_min)
    assert payments.next_look(NOW, NOW + timedelta(minutes=passed_min)) == expected


def test_a_demonstration_looks_sooner():
    assert payments.next_look(NOW, NOW, timedelta(seconds=1)) == NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "result", "follows"),
    [
        (PaymentState.REDIRECTED, Result.PENDING, PaymentState.CHECKING),
        (PaymentState.REDIRECTED, Result.PAID, PaymentState.PAID),
        (PaymentState.REDIRECTED, Result.REFUSED, PaymentState.REFUSED),
        (PaymentState.CHECKING, Result.ABANDONED, PaymentState.ABANDONED),
        (PaymentState.CHECKING, Result.EXPIRED, PaymentState.EXPIRED),
        (PaymentState.ABANDONED, Result.PAID, PaymentState.PAID),
        (PaymentState.EXPIRED, Result.PAID, PaymentState.PAID),
        (PaymentState.PAID, Result.REFUSED, PaymentState.PAID),
        (PaymentState.QUARANTINED, Result.PAID, PaymentState.QUARANTINED),
    ],
)
def test_only_the_provider_s_word_moves_a_payment(state, result, follows):
    current = payment(500, state=state)
    assert payments.follow(current, found(current, result), NOW).state is follows


@pytest.mark.parametrize("wrong", [{"amount": 499}, {"amount": 501}, {"reference": "another"}])
def test_another_amount_or_reference_is_quarantined(wrong):
    current = payment(500)
    assert payments.follow(current, found(current, **wrong), NOW).state is PaymentState.QUARANTINED


def test_an_abandoned_page_is_watched_while_it_is_open():
    current = payment(500)
    later = NOW + timedelta(minutes=16)
    assert payments.follow(current, found(current, Result.ABANDONED), NOW).look_up_at is not None
    assert payments.follow(current, found(current, Result.ABANDONED), later).look_up_at is None


def test_a_payment_that_nobody_decides_for_a_week_expires():
    current = payment(500)
    outcome = payments.follow(current, found(current, Result.PENDING), NOW + timedelta(days=8))
    assert (outcome.state, outcome.look_up_at) == (PaymentState.EXPIRED, None)


@pytest.mark.parametrize(
    ("state", "minutes", "may"),
    [
        (PaymentState.CREATED, 99, True),
        (PaymentState.CHECKING, 99, True),
        (PaymentState.ABANDONED, 1, True),
        (PaymentState.ABANDONED, 15, False),
        (PaymentState.REFUSED, 1, False),
        (PaymentState.PAID, 1, False),
    ],
)
def test_money_may_still_come_while_the_outcome_is_open(state, minutes, may):
    now = NOW + timedelta(minutes=minutes)
    assert payments.may_still_be_paid(payment(500, state=state), now) == may


def _due(*lines, notes=()):
    return settlements.settle(order(*(lines or (held(1, 500),))), {}, list(notes), NOW).settlement


def test_a_payment_begins_for_what_is_due():
    begun = payments.begin(_due(held(1, 500), held(2, 300)), ask(), None, NOW)
    assert (begun.amount_cents, begun.state) == (800, PaymentState.CREATED)


def test_an_open_page_is_given_again_and_a_closed_one_replaced():
    settlement, current = _due(), payment(500, name="earlier")
    assert payments.begin(settlement, ask(), current, NOW) is current
    over = NOW + timedelta(minutes=16)
    assert payments.begin(settlement, ask(), current, over).id == "payment-1"
    refused = replace(current, state=PaymentState.REFUSED)
    assert payments.begin(settlement, ask(), refused, NOW).id == "payment-1"


def test_nothing_is_paid_after_the_hold_or_where_nothing_is_due():
    assert payments.begin(_due(), ask(), None, NOW + timedelta(minutes=25)) == "hold_expired"
    assert payments.begin(_due(notes=[note("a", 500)]), ask(), None, NOW) == "nothing_due"
    assert payments.begin(_due(), ask(office="office-2"), None, NOW) == "nothing_due"
    assert payments.begin(_due(), ask(office="office-1"), None, NOW).office == LEISURE


def _booked(settlement, amount, notes=()):
    paid = replace(payment(amount), state=PaymentState.PAID)
    return payments.book(paid, settlement, list(notes), "surplus", NOW)


def _legs(changes):
    return {leg.account.kind.value: leg.cents for leg in changes.entries[0].legs}


def test_a_payment_settles_its_part_with_the_reserved_avoirs():
    changes = _booked(_due(notes=[note("a", 200)]), 300)
    assert _legs(changes) == {"bank": -300, "held": -200, "revenue": 500}
    assert changes.settlement.parts[0].state is PartState.SETTLED
    assert [each.charged_cents for each in changes.charged] == [500]


def test_money_for_a_released_order_settles_it_when_avoirs_still_cover_the_rest():
    due = _due(notes=[note("a", 200)])
    released = settlements.release(due, due.parts[0]).settlement
    changes = _booked(released, 300, [note("b", 900)])
    assert _legs(changes) == {"bank": -300, "credit": -200, "revenue": 500}
    assert changes.settled


def test_money_for_a_released_order_becomes_an_avoir_when_the_rest_is_gone():
    due = _due(notes=[note("a", 200)])
    released = settlements.release(due, due.parts[0]).settlement
    changes = _booked(released, 300, [note("b", 100), note("c", 900, office=CANTEEN)])
    assert _legs(changes) == {"bank": -300, "credit": 300}
    assert (changes.settlement, changes.settled, changes.charged) == (None, (), ())
    assert [each.amount_cents for each in changes.issued] == [300]


def test_money_that_comes_twice_becomes_an_avoir():
    settled = _booked(_due(), 500).settlement
    assert _legs(_booked(settled, 500)) == {"bank": -500, "credit": 500}


def test_money_for_a_line_that_was_cancelled_meanwhile_becomes_an_avoir():
    settlement = settlements.withdraw(_due(held(1, 500), held(2, 300)), "booking-2", NOW).settlement
    changes = _booked(settlement, 800)
    assert _legs(changes) == {"bank": -800, "credit": 300, "revenue": 500}
    assert changes.settled
    emptied = settlements.withdraw(settlement, "booking-1", NOW).settlement
    assert _legs(_booked(emptied, 800)) == {"bank": -800, "credit": 800}
