"""The journal on a real database: floors and repetitions."""

from dataclasses import replace

import pytest

from billing.ledger.model import AccountKind, EntryKind, JournalEntry, LedgerAccount, Leg
from billing.ledger.rules import bank_of
from billing.ledger.store.journal import FloorReachedError
from chassis.values.errors import Refused
from tests.billing.town import (
    FAMILY,
    LEISURE,
    SCOPE,
    STAMP,
)

PURSE = LedgerAccount(AccountKind.WALLET, LEISURE.id, FAMILY, "wallet-1")
DEBT = LedgerAccount(AccountKind.RECEIVABLE, LEISURE.id, FAMILY, "wallet-1")


def top_up(cents, entry_id="top-up-1", account=PURSE):
    legs = (Leg(bank_of(LEISURE), -cents), Leg(account, cents))
    return JournalEntry(entry_id, EntryKind.PAYMENT, FAMILY, LEISURE.id, legs)


def test_the_same_entry_twice_is_one_entry(store):
    assert store.ledger.post(SCOPE, top_up(500), STAMP)
    assert not store.ledger.post(SCOPE, top_up(500), STAMP)
    assert store.ledger.balance_cents(SCOPE, PURSE) == 500


def test_the_same_id_with_another_content_is_refused(store):
    store.ledger.post(SCOPE, top_up(500), STAMP)
    with pytest.raises(Refused, match="conflict"):
        store.ledger.post(SCOPE, top_up(501), STAMP)


def test_a_wallet_does_not_fall_below_its_floor(store):
    with pytest.raises(FloorReachedError):
        store.ledger.post(SCOPE, top_up(-1), STAMP)
    store.ledger.post(SCOPE, top_up(500), STAMP)
    with pytest.raises(FloorReachedError):
        store.ledger.post(SCOPE, top_up(-501, "refund"), STAMP)
    assert store.ledger.post(SCOPE, top_up(-500, "refund"), STAMP)


def test_what_a_family_owes_has_no_floor(store):
    assert store.ledger.post(SCOPE, top_up(-500, account=DEBT), STAMP)
    assert store.ledger.balances(SCOPE, FAMILY) == {"wallet-1": {AccountKind.RECEIVABLE: -500}}


def test_an_entry_that_does_not_sum_to_zero_is_not_written(store):
    entry = replace(top_up(500), legs=(Leg(PURSE, 500),))
    with pytest.raises(ValueError, match="zero"):
        store.ledger.post(SCOPE, entry, STAMP)
