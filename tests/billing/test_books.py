"""Whatever happens and dies in whatever order: the books are sound, on a real database."""

import random
from datetime import timedelta

import eventlet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.attempts.model import Checked, PaymentAttempt, Resolution
from billing.attempts.rules import life
from billing.credit_notes.model import CreditReason
from billing.vocabulary import ProviderResult, Result
from chassis.running import failpoints
from chassis.running.failpoints import InjectedFault
from tests.billing.town import (
    CANTEEN,
    FAMILY,
    LEISURE,
    NOW,
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


class Town:
    """Random life at one till: a step may die inside its transaction, and is repeated till done."""

    def __init__(self, store, seed):
        self.store = store
        self.random = random.Random(seed)
        self.now = NOW
        self.orders: list[str] = []
        self.payments: dict[str, PaymentAttempt] = {}
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
            SCOPE, order(*lines, cancelled=self._bookings(2), name=name), stamp(self.now)
        )
        self.orders.append(name)

    def settle_again(self):
        if self.orders:
            self.store.settlements.settle(SCOPE, order(name=self.random.choice(self.orders)), stamp(self.now))

    def start(self):
        """Ask to pay one order, a few, or all that is due at a cash office."""
        self.count += 1
        key, office = f"payment-{self.count}", self.random.choice([LEISURE.id, CANTEEN.id])
        few = self.random.sample(self.orders, min(len(self.orders), self.random.randrange(1, 4)))
        wish = self.random.choice(
            [ask(key, *few, office=office) if few else None, ask_all(key, office=office)]
        )
        payment = self.store.attempts.begin(SCOPE, wish, stamp(self.now)) if wish else None
        if isinstance(payment, PaymentAttempt):
            self.payments[payment.id] = self.store.attempts.redirect(
                SCOPE, payment, (f"at-provider-{payment.id}", "http://page.example"), self.now
            )
            self._assert_one_page_for_each_debt()

    def _assert_one_page_for_each_debt(self):
        kept = [self.store.attempts.get(SCOPE, name) for name in self.payments]
        shown = [each for each in kept if life.open_until(each, self.now)]
        debts = [(each.office.id, part.settlement_id) for each in shown for part in each.parts]
        assert len(set(debts)) == len(debts)

    def notify(self):
        for payment in self._some(list(self.payments.values())):
            result = self.random.choice([Result.PAID, Result.PAID, *Result])
            amount = self.random.choice([payment.amount_cents] * 4 + [1])
            said = ProviderResult(payment.provider_reference, payment.id, amount, result)
            self.store.attempts.found(SCOPE, payment.id, said, MINUTE, stamp(self.now))

    def resolve(self):
        for payment in self._some(self.store.quarantines.waiting(SCOPE)):
            cents = self.random.choice([0, 1, payment.amount_cents])
            outcome = Checked.CREDITED if cents else Checked.NOTHING_CAME
            resolution = Resolution(outcome, cents, self.now, STAMP.actor.as_document())
            self.store.quarantines.resolve(SCOPE, payment.id, resolution, stamp(self.now))

    def cancel(self):
        for booking_id in self._bookings(1):
            self.store.settlements.withdraw(SCOPE, booking_id, stamp(self.now))
            self.store.credit_notes.credit(SCOPE, booking_id, CreditReason.CANCELLED, stamp(self.now))

    def release(self):
        for _, name in self.store.settlements.overdue(self.now):
            self.store.attempts.release(SCOPE, name, stamp(self.now))

    def _bookings(self, most):
        known = [f"{name}-{place}" for name in self.orders for place in range(4)]
        return self.random.sample(known, min(len(known), self.random.randrange(most + 1)))

    def _some(self, known):
        return [self.random.choice(known)] if known else []


OFTEN = ["settle", "start", "notify"]
ACTIONS = st.sampled_from([*OFTEN, *OFTEN, "cancel", "release", "resolve", "settle_again"])


@settings(
    max_examples=settings.default.max_examples // 8,
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
    came = sum(each["amount_cents"] for each in store.database["received"].find())
    bank = store.database["journal"].aggregate(
        [
            {"$unwind": "$legs"},
            {"$match": {"legs.account": {"$regex": "^bank:"}}},
            {"$group": {"_id": None, "cents": {"$sum": "$legs.cents"}}},
        ]
    )
    assert came == -sum(each["cents"] for each in bank)


def test_eight_clients_of_one_family_at_once_leave_sound_books(store, books):
    """Several clients settle, pay and cancel for one family at the same time, on the same credit notes."""
    store.credit_notes.take_over(SCOPE, [charge("old", 3_000)], STAMP)
    store.credit_notes.credit(SCOPE, "old", CreditReason.CANCELLED, STAMP)

    def client(number):
        name = f"settlement-{number}"
        line = held(1, 700, booking_id=f"{name}-1")
        store.settlements.settle(SCOPE, order(line, name=name), STAMP)
        payment = store.attempts.begin(SCOPE, ask(f"payment-{number}", settlement=name), STAMP)
        if isinstance(payment, PaymentAttempt):
            store.attempts.found(SCOPE, payment.id, found(payment), MINUTE, STAMP)
        store.credit_notes.credit(SCOPE, f"{name}-1", CreditReason.CANCELLED, STAMP)

    list(eventlet.GreenPool(8).imap(client, range(8)))
    assert books.check() == []
    assert sum(note.left_cents for note in store.credit_notes.free(SCOPE, FAMILY)) >= 3_000
