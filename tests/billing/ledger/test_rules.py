"""The table of docs/rules/money.md on entries, as parameters."""

from dataclasses import replace

from billing.ledger import rules as journal
from billing.ledger.model import AccountKind, EntryKind, JournalEntry, LedgerAccount, Leg
from billing.ledger.rules import bank_of, credit_of, revenue_of
from tests.billing.town import (
    CANTEEN,
    FAMILY,
    LEISURE,
)


def _entry(*legs, office="office-1", entry_id="e"):
    return JournalEntry(entry_id, EntryKind.PAYMENT, FAMILY, office, legs)


def test_an_entry_sums_to_zero_inside_one_cash_office():
    good = (Leg(bank_of(LEISURE), -5), Leg(credit_of(FAMILY, LEISURE), 5))
    assert journal.balanced(_entry(*good))
    assert not journal.balanced(_entry())
    assert not journal.balanced(_entry(good[0]))
    assert not journal.balanced(_entry(good[0], Leg(revenue_of(CANTEEN), 5)))


def test_bank_and_revenue_are_not_stored_and_opposite_legs_cancel_out():
    credit_account = credit_of(FAMILY, LEISURE)
    legs = [Leg(bank_of(LEISURE), -5), Leg(credit_account, 5), Leg(revenue_of(LEISURE), 0)]
    assert journal.stored_moves(legs) == [(credit_account, 5)]
    assert journal.stored_moves([Leg(credit_account, 5), Leg(credit_account, -5)]) == []


def test_the_same_id_with_another_content_is_told_apart():
    one = _entry(Leg(bank_of(LEISURE), -5), Leg(revenue_of(LEISURE), 5))
    other = _entry(Leg(bank_of(LEISURE), -6), Leg(revenue_of(LEISURE), 6))
    assert journal.content_sha256(one) == journal.content_sha256(replace(one, id="elsewhere"))
    assert journal.content_sha256(one) != journal.content_sha256(other)
    first, second = (replace(one, uses=((name, 5),)) for name in ("note-1", "note-2"))
    assert len({journal.content_sha256(each) for each in (one, first, second)}) == 3


def test_accounts_have_names():
    assert LedgerAccount(AccountKind.WALLET, "o", "f", "w").name == "wallet:o:f:w"
    assert LedgerAccount(AccountKind.BANK, "o").name == "bank:o"
