"""A process of its own that records a payment: `python -m tests.billing.attempts.recording guarded | naive`.

It says that it has read how the attempt stands and waits for a line before it goes on, so that a test can let
several have read the same.
"""

import os
import sys
from dataclasses import replace

from billing.attempts.model import AttemptState
from billing.attempts.rules import life
from billing.attempts.store.attempts import AttemptsStore
from billing.ledger.model import EntryKind, JournalEntry, Leg
from billing.ledger.rules import bank_of, revenue_of
from billing.ledger.store.journal import LedgerStore
from chassis.storage.mongo import open_database
from tests.billing.town import FAMILY, LEISURE, MINUTE, SCOPE, STAMP, found

PAYMENT = "payment-1"


def guarded(database):
    """Record as billing does, waiting in the transaction after it was read how the attempt stands."""
    attempts, decide = AttemptsStore(database), life.follow
    looked = []

    def follow(*asked):
        if not looked:
            looked.append(asked)
            wait()
        return decide(*asked)

    life.follow = follow
    attempt = attempts.get(SCOPE, PAYMENT)
    attempts.found(SCOPE, PAYMENT, found(attempt), MINUTE, STAMP)


def naive(database):
    """Read first, and book afterwards what was read then, under an id of one's own."""
    attempt = AttemptsStore(database).get(SCOPE, PAYMENT)
    wait()
    if attempt.state is not AttemptState.PAID:
        cents = attempt.amount_cents
        legs = (Leg(bank_of(LEISURE), -cents), Leg(revenue_of(LEISURE), cents))
        entry = JournalEntry(f"naive-{os.getpid()}", EntryKind.PAYMENT, FAMILY, LEISURE.id, legs)
        LedgerStore(database).post(SCOPE, replace(entry, about={"payment_id": PAYMENT}), STAMP)


def wait():
    sys.stdout.write("read\n")
    sys.stdout.flush()
    sys.stdin.readline()


if __name__ == "__main__":
    with open_database("billing") as opened:
        {"guarded": guarded, "naive": naive}[sys.argv[1]](opened)
