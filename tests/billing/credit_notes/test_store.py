"""Charges and credit notes on a real database."""

from billing.credit_notes.model import CreditReason
from tests.billing.town import FAMILY, NOW, ORGANISATION, charge, order


def test_what_was_paid_before_is_taken_over_once_however_often_it_is_told(store, books):
    told = [charge("a", 800), charge("b", 100), charge("a", 900)]
    assert store.settlements.take_over(ORGANISATION, told, NOW) == 2
    assert store.settlements.take_over(ORGANISATION, told, NOW) == 0
    charges = store.settlements.charges(ORGANISATION, ["a", "b"])
    assert {name: each.charged_cents for name, each in charges.items()} == {"a": 800, "b": 100}
    assert books.check() == []


def test_a_settle_and_an_event_for_one_cancellation_make_one_credit_note(store, books):
    store.settlements.take_over(ORGANISATION, [charge("old", 800)], NOW)
    assert store.settlements.credit(ORGANISATION, "old", CreditReason.CANCELLED, NOW)
    store.settlements.settle(ORGANISATION, order(cancelled=["old"]), NOW)
    assert not store.settlements.credit(ORGANISATION, "old", CreditReason.CANCELLED, NOW)
    assert len(store.payments.notes_of(ORGANISATION, FAMILY)) == 1
    assert books.check() == []
