"""Charges and credit notes on a real database."""

from billing.credit_notes.model import CreditReason
from tests.billing.town import (
    FAMILY,
    SCOPE,
    STAMP,
    charge,
    order,
)


def test_what_was_paid_before_is_taken_over_once_however_often_it_is_told(store, books):
    told = [charge("a", 800), charge("b", 100), charge("a", 900)]
    assert store.credit_notes.take_over(SCOPE, told, STAMP) == 2
    assert store.credit_notes.take_over(SCOPE, told, STAMP) == 0
    charges = store.credit_notes.charges(SCOPE, ["a", "b"])
    assert {name: each.charged_cents for name, each in charges.items()} == {"a": 800, "b": 100}
    assert books.check() == []


def test_a_settle_and_an_event_for_one_cancellation_make_one_credit_note(store, books):
    store.credit_notes.take_over(SCOPE, [charge("old", 800)], STAMP)
    assert store.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)
    store.settlements.settle(SCOPE, order(cancelled=["old"]), STAMP)
    assert not store.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)
    assert len(store.credit_notes.history(SCOPE, FAMILY)) == 1
    assert books.check() == []
