"""Payments of which the provider says something else than it was asked for, on a real database."""

from dataclasses import replace
from datetime import timedelta

import eventlet
from eventlet.event import Event

from billing.attempts.model import AttemptState, Checked, Resolution
from billing.attempts.rules import life
from billing.credit_notes.model import CreditReason
from billing.vocabulary import Result
from tests.billing.town import (
    FAMILY,
    LEISURE,
    MINUTE,
    NOW,
    SCOPE,
    STAMP,
    ask,
    charge,
    found,
    held,
    order,
    stamp,
)


def begun(store, name="payment-1", settlement="settlement-1"):
    """An order that is due, and a payment whose page is open."""
    store.settlements.settle(SCOPE, order(held(1, 500, booking_id=settlement), name=settlement), STAMP)
    payment = store.attempts.begin(SCOPE, ask(name, settlement=settlement), STAMP)
    return store.attempts.redirect(SCOPE, payment, (f"at-provider-{name}", "http://page.example"), NOW)


def pay(store, payment, result=Result.PAID, **wrong):
    return store.attempts.found(SCOPE, payment.id, found(payment, result, **wrong), MINUTE, STAMP)


def found_out(store, payment, outcome=Checked.CREDITED, cents=100, scope=SCOPE):
    resolution = Resolution(outcome, cents, NOW, STAMP.actor.as_document())
    return store.quarantines.resolve(scope, payment.id, resolution, STAMP)


def told(store, name):
    return [row["data"] for row in store.database["outbox"].find({"name": name})]


def test_money_that_a_cashier_found_is_a_credit_note_with_a_receipt_and_one_message(store, books):
    payment = begun(store)
    pay(store, payment, amount=100)
    assert found_out(store, payment).quarantine.resolution.amount_cents == 100
    (note,) = store.credit_notes.free(SCOPE, FAMILY)
    assert (note.left_cents, note.number) == (100, "A-LOISIRS-2026-000001")
    (receipt,) = told(store, "payment_settled")
    assert (receipt["amount_cents"], receipt["lines"], receipt["checked"]) == (100, [], True)
    assert told(store, "credit_note_issued") == told(store, "payment_not_received") == []
    assert store.payments.of_attempt(SCOPE, payment.id).receipt_number == receipt["receipt_number"]
    assert store.quarantines.count_quarantined() == 0
    assert books.check() == []


def test_where_nothing_came_the_family_is_told_and_may_pay_again(store, books):
    payment = begun(store)
    pay(store, payment, amount=100)
    found_out(store, payment, Checked.NOTHING_CAME, 0)
    (message,) = told(store, "payment_not_received")
    assert (message["payment_id"], message["amount_cents"]) == (payment.id, 500)
    assert store.database["journal"].count_documents({}) == 0
    again = store.attempts.begin(SCOPE, ask("another"), STAMP)
    assert again.id == "another"
    store.attempts.redirect(SCOPE, again, ("at-provider-another", "http://page.example"), NOW)
    assert pay(store, store.attempts.get(SCOPE, "another")).state is AttemptState.PAID
    assert books.check() == []


def test_ten_cashiers_at_once_find_one_thing_out(store, books):
    payment = begun(store)
    pay(store, payment, amount=100)
    pool = eventlet.GreenPool(10)
    ends = list(pool.imap(lambda number: found_out(store, payment, cents=100 + number % 2), range(10)))
    assert {end for end in ends if isinstance(end, str)} == {"conflict"}
    assert len([end for end in ends if not isinstance(end, str)]) == 5
    assert len(told(store, "payment_settled")) == store.database["credit_notes"].count_documents({}) == 1
    assert books.check() == []


def test_a_cashier_of_another_office_finds_nothing(store):
    payment = begun(store)
    pay(store, payment, amount=100)
    elsewhere = replace(SCOPE, cash_office_ids=frozenset({"office-2"}))
    assert store.quarantines.waiting(elsewhere) == []
    assert found_out(store, payment, scope=elsewhere) == "not_found"
    here = replace(SCOPE, cash_office_ids=frozenset({LEISURE.id}))
    assert found_out(store, payment, scope=here).quarantine.resolution


def begun_meanwhile(store, monkeypatch):
    """Begin to pay in another tab, which has read that nothing is being checked when something is."""
    payment = begun(store)
    pay(store, payment, Result.REFUSED)
    decide, has_read, go = life.begin, Event(), Event()

    def begin(*asked):
        if not has_read.ready():
            has_read.send()
            go.wait()
        return decide(*asked)

    monkeypatch.setattr(life, "begin", begin)
    second = eventlet.spawn(store.attempts.begin, SCOPE, ask("second"), STAMP)
    has_read.wait()
    assert pay(store, payment, amount=1).state is AttemptState.QUARANTINED
    go.send()
    return second.wait()


def test_who_begins_to_pay_at_the_instant_of_a_quarantine_is_told_to_wait(store, monkeypatch):
    assert begun_meanwhile(store, monkeypatch) == "payment_being_checked"


def test_without_a_mark_at_the_part_it_is_paid_beside_the_quarantine(store, monkeypatch):
    """The control: two transactions that write nothing of each other's reading both commit."""
    monkeypatch.setattr(store.attempts, "_mark", lambda *_: None)
    assert begun_meanwhile(store, monkeypatch).id == "second"


def test_credit_that_was_reserved_comes_free_when_the_hold_ends_while_a_payment_is_checked(store, books):
    store.credit_notes.take_over(SCOPE, [charge("old", 200)], STAMP)
    store.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)
    payment = begun(store)
    pay(store, payment, amount=100)
    assert store.attempts.release(SCOPE, "settlement-1", stamp(NOW + timedelta(minutes=26)))
    found_out(store, payment)
    assert sorted(note.left_cents for note in store.credit_notes.free(SCOPE, FAMILY)) == [100, 200]
    assert books.check() == []
