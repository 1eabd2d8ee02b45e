"""The journal on a real database: floors and repetitions."""

from dataclasses import replace

import pytest

from billing.ledger.model import Account, AccountKind, Entry, EntryKind, Leg
from billing.ledger.rules import bank_of
from billing.ledger.store import FloorReachedError
from chassis.values.errors import Refused
from tests.billing.town import FAMILY, LEISURE, NOW, ORGANISATION

PURSE = Account(AccountKind.WALLET, LEISURE.id, FAMILY, "wallet-1")
DEBT = Account(AccountKind.RECEIVABLE, LEISURE.id, FAMILY, "wallet-1")


def top_up(cents, entry_id="top-up-1", account=PURSE):
    legs = (Leg(bank_of(LEISURE), -cents), Leg(account, cents))
    return Entry(entry_id, EntryKind.PAYMENT, FAMILY, LEISURE.id, legs)


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
