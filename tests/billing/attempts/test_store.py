"""Payments on a real database: repetitions, races, crashes."""

from dataclasses import replace
from datetime import timedelta

import eventlet
import pytest

from billing.attempts.model import AttemptState, PageOpen, PaymentAttempt
from billing.credit_notes.model import CreditReason
from billing.ledger.model import AccountKind, EntryKind, JournalEntry, LedgerAccount, Leg
from billing.ledger.rules import bank_of
from billing.vocabulary import Result
from chassis.running import failpoints
from chassis.running.failpoints import InjectedFault
from tests.billing.town import (
    FAMILY,
    LEISURE,
    NOW,
    ORGANISATION,
    SCOPE,
    STAMP,
    ask,
    ask_all,
    charge,
    found,
    held,
    order,
    stamp,
)

MINUTE = timedelta(minutes=1)
PURSE = LedgerAccount(AccountKind.WALLET, LEISURE.id, FAMILY, "wallet-1")


@pytest.fixture(autouse=True)
def disarmed():
    yield
    failpoints.arm("")


def top_up(cents, entry_id="top-up-1", account=PURSE):
    legs = (Leg(bank_of(LEISURE), -cents), Leg(account, cents))
    return JournalEntry(entry_id, EntryKind.PAYMENT, FAMILY, LEISURE.id, legs)


def begun(store, amount=500, name="payment-1"):
    """An order that is due, and a payment whose page is open."""
    store.settlements.settle(SCOPE, order(held(1, amount)), STAMP)
    payment = store.attempts.begin(SCOPE, ask(name), STAMP)
    return store.attempts.redirect(SCOPE, payment, (f"at-provider-{name}", "http://page.example"), NOW)


def pay(store, payment, result=Result.PAID, **wrong):
    return store.attempts.found(SCOPE, payment.id, found(payment, result, **wrong), MINUTE, STAMP)


def test_twenty_notifications_at_once_credit_one_payment(store, books):
    payment = begun(store)
    pool = eventlet.GreenPool(20)
    states = {each.state for each in pool.imap(lambda _: pay(store, payment), range(20))}
    assert states == {AttemptState.PAID}
    assert store.database["journal"].count_documents({"kind": "payment"}) == 1
    assert store.database["outbox"].count_documents({"name": "payment_settled"}) == 1
    assert books.check() == []


def test_a_naive_booking_of_notifications_credits_twice_and_is_found_out(store, books):
    """The control: to read the state first and book afterwards under a fresh id must fail the check."""
    payment = begun(store)
    read, gate = [], eventlet.event.Event()

    def naive(number):
        paid = store.attempts.get(SCOPE, payment.id).state is AttemptState.PAID
        read.append(number)
        if len(read) == 20:
            gate.send()
        gate.wait()
        if not paid:
            entry = replace(top_up(500, f"naive-{number}"), about={"payment_id": payment.id})
            store.ledger.post(SCOPE, entry, STAMP)
            store.database["payments"].update_one({"id": payment.id}, {"$set": {"state": "paid"}})

    list(eventlet.GreenPool(20).imap(naive, range(20)))
    assert store.ledger.balance_cents(SCOPE, PURSE) > payment.amount_cents
    assert any("booked 20 times" in finding for finding in books.check())


def test_receipts_are_numbered_without_a_gap_although_one_transaction_failed(store, books):
    failpoints.arm("billing.record_payment.inside_commit=raise")
    payment = begun(store)
    with pytest.raises(InjectedFault):
        pay(store, payment)
    pay(store, payment)
    assert store.payments.of_attempt(SCOPE, payment.id).receipt_number == "R-LOISIRS-2026-000001"
    assert books.check() == []


def test_a_payment_of_another_amount_is_quarantined_and_books_nothing(store, books):
    payment = begun(store)
    assert pay(store, payment, amount=1).state is AttemptState.QUARANTINED
    assert pay(store, payment).state is AttemptState.QUARANTINED
    assert store.database["journal"].count_documents({}) == 0
    assert store.attempts.begin(SCOPE, ask("another"), STAMP) == "payment_being_checked"
    assert store.quarantines.count_quarantined() == 1
    assert [each.id for each in store.quarantines.waiting(SCOPE)] == [payment.id]
    assert books.check() == []


def test_reserved_credit_notes_stay_while_a_page_is_open_and_come_free_afterwards(store, books):
    store.credit_notes.take_over(SCOPE, [charge("old", 200)], STAMP)
    store.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)
    payment = begun(store)
    late = NOW + timedelta(minutes=26)
    assert store.settlements.overdue(late) == [(ORGANISATION, "settlement-1")]
    assert not store.attempts.release(SCOPE, "settlement-1", stamp(late))
    assert store.settlements.overdue(late) == []
    pay(store, payment, Result.EXPIRED)
    assert store.attempts.release(SCOPE, "settlement-1", stamp(late))
    assert [note.left_cents for note in store.credit_notes.free(SCOPE, FAMILY)] == [200]
    assert pay(store, payment).state is AttemptState.PAID
    assert books.check() == []


def test_credit_stays_reserved_while_a_page_that_somebody_left_can_still_be_paid(store):
    store.credit_notes.take_over(SCOPE, [charge("old", 200)], STAMP)
    store.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)
    store.settlements.settle(SCOPE, order(held(1, 500)), STAMP)
    started, hold_over, page_over = (stamp(NOW + minutes * MINUTE) for minutes in (20, 39, 40))
    payment = store.attempts.begin(SCOPE, ask(), started)
    store.attempts.redirect(SCOPE, payment, ("at-provider", "http://page.example"), NOW)
    left = store.attempts.found(SCOPE, payment.id, found(payment, Result.ABANDONED), MINUTE, started)
    assert left.state is AttemptState.ABANDONED
    assert not store.attempts.release(SCOPE, "settlement-1", hold_over)
    assert store.attempts.release(SCOPE, "settlement-1", page_over)


def test_what_waits_for_no_money_is_not_looked_at_again(store):
    store.credit_notes.take_over(SCOPE, [charge("old", 500)], STAMP)
    store.settlements.settle(SCOPE, order(held(1, 500), cancelled=["old"]), STAMP)
    assert not store.attempts.release(SCOPE, "settlement-1", STAMP)
    assert store.settlements.overdue(NOW + timedelta(days=1)) == []


def test_a_key_starts_one_payment_and_another_key_finds_the_open_page(store):
    payment = begun(store)
    assert store.attempts.begin(SCOPE, ask(), STAMP).id == payment.id
    assert store.attempts.begin(SCOPE, ask(body="other"), STAMP) == "idempotency_mismatch"
    assert store.attempts.begin(SCOPE, ask("another"), STAMP).id == payment.id
    assert store.attempts.begin(SCOPE, ask("another", family="family-2"), STAMP) == "not_found"


def test_a_key_that_met_an_open_payment_stands_for_what_it_asked_and_for_nothing_else(store):
    payment = begun(store)
    store.settlements.settle(SCOPE, order(held(2, 300), name="settlement-2"), STAMP)
    for _ in range(2):
        assert store.attempts.begin(SCOPE, ask("another"), STAMP).id == payment.id
    assert store.attempts.begin(SCOPE, ask("another", body="other"), STAMP) == "idempotency_mismatch"
    elsewhere = ask("another", settlement="settlement-2", body="other")
    assert store.attempts.begin(SCOPE, elsewhere, STAMP) == "idempotency_mismatch"
    pay(store, payment)
    assert store.attempts.begin(SCOPE, ask("another"), STAMP).state is AttemptState.PAID
    assert store.attempts.begin(SCOPE, ask("another", body="other"), STAMP) == "idempotency_mismatch"
    assert store.attempts.begin(SCOPE, ask("a third"), STAMP) == "nothing_due"


def test_two_who_meet_an_open_payment_under_one_key_are_one_and_a_refusal(store):
    payment = begun(store)
    asked = [ask("another", body=body) for body in ("one", "other")]
    answers = list(eventlet.GreenPool(2).imap(lambda each: store.attempts.begin(SCOPE, each, STAMP), asked))
    assert sorted(each if isinstance(each, str) else each.id for each in answers) == sorted(
        [payment.id, "idempotency_mismatch"]
    )


def test_a_payment_with_a_page_is_not_given_up(store):
    attempt = begun(store)
    store.attempts.expire(SCOPE, attempt.id)
    assert store.attempts.get(SCOPE, attempt.id).state is AttemptState.REDIRECTED


def test_a_page_that_comes_after_its_payment_was_given_up_is_not_opened(store):
    store.settlements.settle(SCOPE, order(held(1, 500)), STAMP)
    attempt = store.attempts.begin(SCOPE, ask(), STAMP)
    store.attempts.expire(SCOPE, attempt.id)
    late = store.attempts.redirect(SCOPE, attempt, ("at-provider", "http://page.example"), NOW)
    assert (late.state, late.page_url) == (AttemptState.EXPIRED, None)


def several(store, *amounts, name="payment-1", asked=None):
    """Orders that are due at one cash office, and the page of one payment for all of them."""
    for place, amount in enumerate(amounts, start=1):
        lines = held(1, amount, booking_id=f"b-{place}")
        store.settlements.settle(SCOPE, order(lines, name=f"settlement-{place}"), STAMP)
    payment = store.attempts.begin(SCOPE, asked or ask_all(name), STAMP)
    return store.attempts.redirect(SCOPE, payment, (f"at-provider-{name}", "http://page.example"), NOW)


def states(store, *names):
    return [store.settlements.get(SCOPE, name).parts[0].state.value for name in names]


def settled_events(store):
    return [each["data"] for each in store.database["outbox"].find({"name": "payment_settled"})]


def test_one_payment_settles_two_orders_at_once_under_one_receipt(store, books):
    payment = several(store, 500, 300)
    assert payment.amount_cents == 800
    assert pay(store, payment).state is AttemptState.PAID
    assert states(store, "settlement-1", "settlement-2") == ["settled", "settled"]
    told = settled_events(store)
    assert sorted((each["settlement_id"], each["amount_cents"]) for each in told) == [
        ("settlement-1", 500),
        ("settlement-2", 300),
    ]
    assert {each["receipt_number"] for each in told} == {"R-LOISIRS-2026-000001"}
    assert [each["receipt"]["amount_cents"] for each in told] == [800, 800]
    assert told[0]["receipt"]["lines"] == [{"booking_id": "b-1"}, {"booking_id": "b-2"}]
    assert books.check() == []


@pytest.mark.parametrize("result", [Result.REFUSED, Result.ABANDONED, Result.EXPIRED])
def test_two_orders_are_as_before_when_their_payment_came_to_nothing(store, books, result):
    payment = several(store, 500, 300)
    pay(store, payment, result)
    assert states(store, "settlement-1", "settlement-2") == ["due", "due"]
    later = stamp(NOW + timedelta(minutes=21))
    again = store.attempts.begin(SCOPE, ask_all("again"), later)
    assert (again.id, again.amount_cents) == ("again", 800)
    assert books.check() == []


def test_a_payment_dies_with_all_its_orders_or_settles_them_all(store, books):
    failpoints.arm("billing.record_payment.inside_commit=raise")
    payment = several(store, 500, 300)
    with pytest.raises(InjectedFault):
        pay(store, payment)
    assert states(store, "settlement-1", "settlement-2") == ["due", "due"]
    pay(store, payment)
    assert states(store, "settlement-1", "settlement-2") == ["settled", "settled"]
    assert books.check() == []


def test_of_two_orders_paid_late_the_one_that_needs_its_credit_becomes_an_avoir(store, books):
    store.credit_notes.take_over(SCOPE, [charge("old", 200)], STAMP)
    store.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)
    payment = several(store, 500, 300)
    assert payment.amount_cents == 600
    late = NOW + timedelta(minutes=26)
    pay(store, payment, Result.EXPIRED)
    for name in ("settlement-1", "settlement-2"):
        assert store.attempts.release(SCOPE, name, stamp(late))
    elsewhere = order(held(1, 200, booking_id="b-9", until=late + 25 * MINUTE), name="settlement-9")
    store.settlements.settle(SCOPE, elsewhere, stamp(late))  # uses the credit that came free
    assert pay(store, payment).state is AttemptState.PAID
    assert states(store, "settlement-1", "settlement-2") == ["released", "settled"]
    (note,) = store.credit_notes.free(SCOPE, FAMILY)
    assert (note.left_cents, note.payment_id) == (300, payment.id)
    assert books.check() == []


def test_two_tabs_that_pay_overlapping_orders_open_one_page(store, books):
    store.settlements.settle(SCOPE, order(held(1, 500, booking_id="b-1")), STAMP)
    store.settlements.settle(SCOPE, order(held(1, 300, booking_id="b-2"), name="settlement-2"), STAMP)
    asked = [ask_all("all"), ask("both", "settlement-2", "settlement-1"), ask("one"), ask_all("all too")]
    begun = list(eventlet.GreenPool(4).imap(lambda each: store.attempts.begin(SCOPE, each, STAMP), asked))
    assert store.database["payments"].count_documents({}) == 1
    assert all(isinstance(each, PaymentAttempt | PageOpen) for each in begun)
    assert books.check() == []


def test_the_same_key_pays_the_same_orders_also_when_more_is_due_since(store):
    payment = several(store, 500)
    store.settlements.settle(SCOPE, order(held(1, 300, booking_id="b-2"), name="settlement-2"), STAMP)
    assert store.attempts.begin(SCOPE, ask_all("payment-1"), STAMP).parts == payment.parts
    assert store.attempts.begin(SCOPE, ask_all("payment-1", body="other"), STAMP) == "idempotency_mismatch"
    waits = store.attempts.begin(SCOPE, ask_all("more"), STAMP)
    assert waits == PageOpen(NOW + timedelta(minutes=20))


def test_a_wrong_amount_for_two_orders_keeps_both_from_being_paid(store, books):
    payment = several(store, 500, 300)
    assert pay(store, payment, amount=500).state is AttemptState.QUARANTINED
    for asked in (ask("one"), ask("two", "settlement-2"), ask_all("all")):
        assert store.attempts.begin(SCOPE, asked, STAMP) == "payment_being_checked"
    assert states(store, "settlement-1", "settlement-2") == ["due", "due"]
    assert books.check() == []


def test_who_names_an_order_of_another_family_pays_nothing(store):
    store.settlements.settle(SCOPE, order(held(1, 500, booking_id="b-1")), STAMP)
    strange = order(held(1, 300, booking_id="b-2"), name="settlement-2", family="family-2")
    store.settlements.settle(SCOPE, strange, STAMP)
    assert store.attempts.begin(SCOPE, ask("both", "settlement-1", "settlement-2"), STAMP) == "not_found"
    assert [part.settlement_id for part in store.attempts.begin(SCOPE, ask_all(), STAMP).parts] == [
        "settlement-1"
    ]
