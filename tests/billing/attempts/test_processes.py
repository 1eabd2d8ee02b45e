"""Two processes that record one payment at the same instant, as two copies of billing do."""

import subprocess
import sys

import pytest

from billing.attempts.model import AttemptState
from tests.billing.town import NOW, SCOPE, STAMP, ask, held, order


@pytest.fixture
def at_once(store):
    """Run two processes that have both read that the payment is open before either goes on."""
    store.settlements.settle(SCOPE, order(held(1, 500)), STAMP)
    begun = store.attempts.begin(SCOPE, ask(), STAMP)
    store.attempts.redirect(SCOPE, begun, ("at-provider-payment-1", "http://page.example"), NOW)
    processes = []

    def run(how):
        command = [sys.executable, "-m", "tests.billing.attempts.recording", how]
        for _ in range(2):
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            processes.append(subprocess.Popen(command, text=True, **pipes))
        assert [each.stdout.readline() for each in processes] == ["read\n", "read\n"]
        for each in processes:
            each.stdin.write("go\n")
            each.stdin.flush()
        assert [each.wait(timeout=30) for each in processes] == [0, 0]

    yield run
    for each in processes:
        each.kill()
        each.communicate()


def test_two_processes_that_record_one_payment_at_once_book_it_once(at_once, store, books):
    at_once("guarded")
    assert store.attempts.get(SCOPE, "payment-1").state is AttemptState.PAID
    assert len(store.payments.of_family(SCOPE, "family-1")) == 1
    assert store.database["journal"].count_documents({"kind": "payment"}) == 1
    assert store.database["outbox"].count_documents({"name": "payment_settled"}) == 1
    assert books.check() == []


def test_two_processes_without_that_guard_book_it_twice_and_are_found_out(at_once, books):
    """The control: who reads outside the transaction and books under an id of its own."""
    at_once("naive")
    assert any("booked 2 times" in finding for finding in books.check())
