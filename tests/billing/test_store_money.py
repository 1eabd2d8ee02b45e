"""The journal and its transactions on a real database: floors, repetitions, races, crashes."""

import random
from dataclasses import replace
from datetime import timedelta

import eventlet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.attempts.model import Payment, PaymentState
from billing.commands.store import Store
from billing.credit_notes.model import CreditReason
from billing.ledger.model import Account, AccountKind, Entry, EntryKind, Leg
from billing.ledger.rules import bank_of
from billing.ledger.store import FloorReachedError
from billing.vocabulary import ProviderResult, Result
from chassis.running import failpoints
from chassis.running.failpoints import InjectedFault
from chassis.values.errors import Refused
from tests.billing.town import CANTEEN, FAMILY, LEISURE, NOW, ORGANISATION, ask, charge, found, held, order

MINUTE = timedelta(minutes=1)
PURSE = Account(AccountKind.WALLET, LEISURE.id, FAMILY, "wallet-1")
DEBT = Account(AccountKind.RECEIVABLE, LEISURE.id, FAMILY, "wallet-1")
POINTS = [
    "billing.settle.inside_commit",
    "billing.credit.inside_commit",
    "billing.withdraw.inside_commit",
    "billing.release.inside_commit",
    "billing.start_payment.inside_commit",
    "billing.record_payment.inside_commit",
]


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


def test_the_same_entry_twice_is_one_entry(store):
    assert store.journal.post(ORGANISATION, top_up(500), NOW)
    assert not store.journal.post(ORGANISATION, top_up(500), NOW)
    assert store.journal.balance_cents(ORGANISATION, PURSE) == 500


def test_the_same_id_with_another_content_is_refused(store):
    store.journal.post(ORGANISATION, top_up(500), NOW)
    with pytest.raises(Refused, match="conflict"):
        store.journal.post(ORGANISATION, top_up(501), NOW)


def test_a_wallet_does_not_fall_below_its_floor(store):
    with pytest.raises(FloorReachedError):
        store.journal.post(ORGANISATION, top_up(-1), NOW)
    store.journal.post(ORGANISATION, top_up(500), NOW)
    with pytest.raises(FloorReachedError):
        store.journal.post(ORGANISATION, top_up(-501, "refund"), NOW)
    assert store.journal.post(ORGANISATION, top_up(-500, "refund"), NOW)


def test_what_a_family_owes_has_no_floor(store):
    assert store.journal.post(ORGANISATION, top_up(-500, account=DEBT), NOW)
    assert store.wallets.balances(ORGANISATION, FAMILY) == {"wallet-1": {AccountKind.RECEIVABLE: -500}}


def test_an_entry_that_does_not_sum_to_zero_is_not_written(store):
    entry = replace(top_up(500), legs=(Leg(PURSE, 500),))
    with pytest.raises(ValueError, match="zero"):
        store.journal.post(ORGANISATION, entry, NOW)


def test_an_order_is_settled_once_and_another_under_its_id_is_refused(store, books):
    store.settlements.take_over(ORGANISATION, [charge("old", 800)], NOW)
    first = store.settlements.settle(ORGANISATION, order(held(1, 500), cancelled=["old"]), NOW)
    again = store.settlements.settle(ORGANISATION, order(held(1, 500), cancelled=["old"]), NOW + MINUTE)
    assert first.answer == again.answer
    with pytest.raises(Refused, match="conflict"):
        store.settlements.settle(ORGANISATION, order(held(1, 900), content="other"), NOW)
    assert [note.left_cents for note in store.settlements.free_notes(ORGANISATION, FAMILY)] == [300]
    assert books.check() == []


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


class Town:
    """Random life at one till: a step may die inside its transaction, and is repeated till done."""

    def __init__(self, store, seed):
        self.store = store
        self.random = random.Random(seed)
        self.now = NOW
        self.orders: list[str] = []
        self.payments: dict[str, Payment] = {}
        self.count = 0

    def step(self, action):
        self.now += timedelta(seconds=self.random.choice([1, 60, 900]))
        if self.random.random() < 0.4:
            failpoints.arm(",".join(f"{point}=raise" for point in POINTS))
        for _ in range(8):
            try:
                return getattr(self, action)()
            except InjectedFault:
                continue
        raise AssertionError("a repeated step must be done at last")

    def settle(self):
        self.count += 1
        name = f"settlement-{self.count}"
        lines = [
            held(
                place,
                self.random.randrange(0, 900),
                office=self.random.choice([LEISURE, CANTEEN]),
                booking_id=f"{name}-{place}",
                until=self.now + timedelta(minutes=25),
            )
            for place in range(self.random.randrange(0, 4))
        ]
        self.store.settlements.settle(
            ORGANISATION, order(*lines, cancelled=self._bookings(2), name=name), self.now
        )
        self.orders.append(name)

    def settle_again(self):
        if self.orders:
            self.store.settlements.settle(ORGANISATION, order(name=self.random.choice(self.orders)), self.now)

    def start(self):
        for name in self._some(self.orders):
            self.count += 1
            payment = self.store.payments.begin(
                ORGANISATION, ask(f"payment-{self.count}", settlement=name), FAMILY, self.now
            )
            if isinstance(payment, Payment):
                self.payments[payment.id] = self.store.payments.redirect(
                    ORGANISATION, payment, f"at-provider-{payment.id}", "http://page.example", self.now
                )

    def notify(self):
        for payment in self._some(list(self.payments.values())):
            result = self.random.choice([Result.PAID, Result.PAID, *Result])
            said = ProviderResult(payment.provider_reference, payment.id, payment.amount_cents, result)
            self.store.payments.found(ORGANISATION, payment.id, said, self.now, MINUTE)

    def cancel(self):
        for booking_id in self._bookings(1):
            self.store.settlements.withdraw(ORGANISATION, booking_id, self.now)
            self.store.settlements.credit(ORGANISATION, booking_id, CreditReason.CANCELLED, self.now)

    def release(self):
        for _, name in self.store.settlements.overdue(self.now):
            self.store.settlements.release(ORGANISATION, name, self.now)

    def _bookings(self, most):
        known = [f"{name}-{place}" for name in self.orders for place in range(4)]
        return self.random.sample(known, min(len(known), self.random.randrange(most + 1)))

    def _some(self, known):
        return [self.random.choice(known)] if known else []


OFTEN = ["settle", "start", "notify"]
ACTIONS = st.sampled_from([*OFTEN, *OFTEN, "cancel", "release", "settle_again"])


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10_000), program=st.lists(ACTIONS, min_size=15, max_size=30))
def test_whatever_happens_and_dies_in_whatever_order_the_books_are_sound(store, books, seed, program):
    for name in store.database.list_collection_names():
        store.database[name].delete_many({})
    town = Town(store, seed)
    for action in program:
        town.step(action)
    failpoints.arm("")
    assert books.check() == []


def test_eight_clients_of_one_family_at_once_leave_sound_books(mongo_database, store, books):
    """Several clients settle, pay and cancel for one family at the same time, on the same avoirs."""
    Store.ensure_indexes(mongo_database)
    store.settlements.take_over(ORGANISATION, [charge("old", 3_000)], NOW)
    store.settlements.credit(ORGANISATION, "old", CreditReason.CANCELLED, NOW)

    def client(number):
        name = f"settlement-{number}"
        line = held(1, 700, booking_id=f"{name}-1")
        store.settlements.settle(ORGANISATION, order(line, name=name), NOW)
        payment = store.payments.begin(ORGANISATION, ask(f"payment-{number}", settlement=name), FAMILY, NOW)
        if isinstance(payment, Payment):
            store.payments.found(ORGANISATION, payment.id, found(payment), NOW, MINUTE)
        store.settlements.credit(ORGANISATION, f"{name}-1", CreditReason.CANCELLED, NOW)

    list(eventlet.GreenPool(8).imap(client, range(8)))
    assert books.check() == []
    assert sum(note.left_cents for note in store.settlements.free_notes(ORGANISATION, FAMILY)) >= 3_000
