"""Payments on a real database: repetitions, races, crashes."""

from dataclasses import replace
from datetime import timedelta

import eventlet
import pytest

from billing.attempts.model import PaymentState
from billing.credit_notes.model import CreditReason
from billing.ledger.model import Account, AccountKind, Entry, EntryKind, Leg
from billing.ledger.rules import bank_of
from billing.vocabulary import Result
from chassis.running import failpoints
from chassis.running.failpoints import InjectedFault
from tests.billing.town import FAMILY, LEISURE, NOW, ORGANISATION, ask, charge, found, held, order

MINUTE = timedelta(minutes=1)
PURSE = Account(AccountKind.WALLET, LEISURE.id, FAMILY, "wallet-1")


@pytest.fixture(autouse=True)
def disarmed():
    yield
    failpoints.arm("")


def top_up(cents, entry_id="top-up-1", account=PURSE):
    legs = (Leg(bank_of(LEISURE), -cents), Leg(account, cents))
    return Entry(entry_id, EntryKind.PAYMENT, FAMILY, LEISURE.id, legs)


def begun(store, amount=500, name="payment-1"):
    """An order that is due, and a payment whose page is open."""
    store.settlements.settle(ORGANISATION, order(held(1, amount)), NOW)
    payment = store.payments.begin(ORGANISATION, ask(name), FAMILY, NOW)
    return store.payments.redirect(ORGANISATION, payment, f"at-provider-{name}", "http://page.example", NOW)


def pay(store, payment, result=Result.PAID, **wrong):
    return store.payments.found(ORGANISATION, payment.id, found(payment, result, **wrong), NOW, MINUTE)


def test_twenty_notifications_at_once_credit_one_payment(store, books):
    payment = begun(store)
    pool = eventlet.GreenPool(20)
    states = {each.state for each in pool.imap(lambda _: pay(store, payment), range(20))}
    assert states == {PaymentState.PAID}
    assert store.database["journal"].count_documents({"kind": "payment"}) == 1
    assert store.database["outbox"].count_documents({"name": "payment_settled"}) == 1
    assert books.check() == []


def test_a_naive_booking_of_notifications_credits_twice_and_is_found_out(store, books):
    """The control: to read the state first and book afterwards under a fresh id must fail the check."""
    payment = begun(store)
    gate = eventlet.event.Event()

    def naive(number):
        paid = store.payments.get(ORGANISATION, payment.id).state is PaymentState.PAID
        if number == 19:
            gate.send()
        gate.wait()
        if not paid:
            entry = replace(top_up(500, f"naive-{number}"), about={"payment_id": payment.id})
            store.journal.post(ORGANISATION, entry, NOW)
            store.database["payments"].update_one({"id": payment.id}, {"$set": {"state": "paid"}})

    list(eventlet.GreenPool(20).imap(naive, range(20)))
    assert store.journal.balance_cents(ORGANISATION, PURSE) > payment.amount_cents
    assert any("booked 20 times" in finding for finding in books.check())


def test_receipts_are_numbered_without_a_gap_although_one_transaction_failed(store, books):
    failpoints.arm("billing.record_payment.inside_commit=raise")
    payment = begun(store)
    with pytest.raises(InjectedFault):
        pay(store, payment)
    assert pay(store, payment).receipt_number == "R-LOISIRS-2026-000001"
    assert books.check() == []


def test_a_payment_of_another_amount_is_quarantined_and_books_nothing(store, books):
    payment = begun(store)
    assert pay(store, payment, amount=1).state is PaymentState.QUARANTINED
    assert pay(store, payment).state is PaymentState.QUARANTINED
    assert store.database["journal"].count_documents({}) == 0
    assert books.check() == []


def test_reserved_avoirs_stay_while_a_page_is_open_and_come_free_afterwards(store, books):
    store.settlements.take_over(ORGANISATION, [charge("old", 200)], NOW)
    store.settlements.credit(ORGANISATION, "old", CreditReason.CANCELLED, NOW)
    payment = begun(store)
    late = NOW + timedelta(minutes=26)
    assert store.settlements.overdue(late) == [(ORGANISATION, "settlement-1")]
    assert not store.settlements.release(ORGANISATION, "settlement-1", late)
    assert store.settlements.overdue(late) == []
    pay(store, payment, Result.EXPIRED)
    assert store.settlements.release(ORGANISATION, "settlement-1", late)
    assert [note.left_cents for note in store.settlements.free_notes(ORGANISATION, FAMILY)] == [200]
    assert pay(store, payment).state is PaymentState.PAID
    assert books.check() == []


def test_a_key_starts_one_payment_and_another_key_finds_the_open_page(store):
    payment = begun(store)
    assert store.payments.begin(ORGANISATION, ask(), FAMILY, NOW).id == payment.id
    assert store.payments.begin(ORGANISATION, ask(body="other"), FAMILY, NOW) == "idempotency_mismatch"
    assert store.payments.begin(ORGANISATION, ask("another"), FAMILY, NOW).id == payment.id
    assert store.payments.begin(ORGANISATION, ask("another"), "family-2", NOW) == "not_found"
