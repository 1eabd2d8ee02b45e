"""Settling on a real database: once, however often it is asked."""

from datetime import timedelta

import pytest

from chassis.values.errors import Refused
from tests.billing.town import (
    CANTEEN,
    FAMILY,
    HELD_UNTIL,
    NOW,
    ORGANISATION,
    SCOPE,
    STAMP,
    charge,
    held,
    order,
    stamp,
)

MINUTE = timedelta(minutes=1)


def test_an_order_of_two_cash_offices_is_looked_at_when_the_first_of_its_holds_ends(store):
    later = held(2, 300, office=CANTEEN, until=HELD_UNTIL + MINUTE)
    store.settlements.settle(SCOPE, order(held(1, 500), later), STAMP)
    assert store.settlements.overdue(HELD_UNTIL) == [(ORGANISATION, "settlement-1")]


def test_an_order_that_costs_nothing_is_settled_charged_and_told_at_once(store, books):
    settlement = store.settlements.settle(SCOPE, order(held(1, 0)), STAMP)
    assert settlement.answer["state"] == "settled"
    assert store.credit_notes.charges(SCOPE, ["booking-1"])["booking-1"].charged_cents == 0
    assert store.database["outbox"].count_documents({"name": "payment_settled"}) == 1
    assert books.check() == []


def test_an_order_is_settled_once_and_another_under_its_id_is_refused(store, books):
    store.credit_notes.take_over(SCOPE, [charge("old", 800)], STAMP)
    first = store.settlements.settle(SCOPE, order(held(1, 500), cancelled=["old"]), STAMP)
    again = store.settlements.settle(SCOPE, order(held(1, 500), cancelled=["old"]), stamp(NOW + MINUTE))
    assert first.answer == again.answer
    with pytest.raises(Refused, match="conflict"):
        store.settlements.settle(SCOPE, order(held(1, 900), content="other"), STAMP)
    assert [note.left_cents for note in store.credit_notes.free(SCOPE, FAMILY)] == [300]
    assert books.check() == []


def test_an_order_is_due_until_its_hold_ends_and_looking_early_does_not_put_its_end_off(store):
    store.settlements.settle(SCOPE, order(held(1, 500)), STAMP)
    assert not store.attempts.release(SCOPE, "settlement-1", STAMP)
    before, ended = HELD_UNTIL - timedelta(seconds=1), HELD_UNTIL
    assert [len(store.settlements.due_of(SCOPE, FAMILY, at)) for at in (before, ended)] == [1, 0]
    assert [len(store.settlements.overdue(at)) for at in (before, ended)] == [0, 1]
