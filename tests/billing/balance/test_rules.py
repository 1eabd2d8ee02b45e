"""The balance page of docs/rules/money.md."""

from dataclasses import replace
from datetime import date

import pytest

from billing.balance import rules as wallets
from billing.consumption.model import Consumption
from billing.ledger.model import AccountKind
from billing.settlements.rules import settling as settlements
from billing.vocabulary import ChargingMode
from billing.wallets.model import Mode, Wallet
from tests.billing.town import (
    CANTEEN,
    LUNCH,
    NOW,
    SUNDRY,
    WALLET,
    held,
    order,
    tariff,
)


def _due(*lines, notes=()):
    return settlements.settle(order(*(lines or (held(1, 500),))), {}, list(notes), NOW).settlement


@pytest.mark.parametrize(
    ("wallet", "line"),
    [
        (WALLET, (-20, 100, -120)),
        (replace(WALLET, mode=Mode.CONSUMPTION), (-20, 100, -120)),
        (SUNDRY, (-50, 0, -50)),
    ],
)
def test_an_invoiced_wallet_shows_its_unpaid_invoices_and_costs_nothing(wallet, line):
    made = wallets.wallet_line(
        wallet, wallet_cents=30, receivable_cents=-50, coming_cents=60, pending_cents=40
    )
    assert (made.balance_cents, made.estimated_cost_cents, made.estimated_balance_cents) == line


def test_the_balance_page_adds_up():
    balances = {"wallet-2": {AccountKind.WALLET: 500}, "wallet-3": {AccountKind.RECEIVABLE: -7_160}}
    due = _due(held(1, 500)).parts
    lines = wallets.wallet_lines(
        [WALLET, LUNCH, SUNDRY],
        balances=balances,
        coming={"wallet-2": 300},
        pending=wallets.pending_by_wallet(due),
    )
    totals = wallets.wallet_totals(lines, due, pending_counted=True)
    assert (totals.amount_due_cents, totals.bookings_cents) == (7_660, 800)
    assert totals.estimated_balance_cents == -500 + 200 - 7_160


@pytest.mark.parametrize("pending", [True, False])
def test_what_is_due_lowers_the_estimated_balance_once(pending):
    due = _due(held(1, 3_384)).parts
    coming = wallets.pending_by_wallet(due) if pending else {}
    lines = wallets.wallet_lines([WALLET, LUNCH, SUNDRY], balances={}, coming={}, pending=coming)
    totals = wallets.wallet_totals(lines, due, pending_counted=pending)
    assert (totals.amount_due_cents, totals.estimated_balance_cents) == (3_384, -3_384)


def test_invoices_to_be_paid_are_the_estimated_balance_as_the_guide_has_it():
    balances = {"wallet-3": {AccountKind.RECEIVABLE: -8_513}}
    lines = wallets.wallet_lines([WALLET, LUNCH, SUNDRY], balances=balances, coming={}, pending={})
    totals = wallets.wallet_totals(lines, (), pending_counted=False)
    assert (totals.amount_due_cents, totals.bookings_cents) == (8_513, 0)
    assert totals.estimated_balance_cents == -8_513


def test_days_to_come_count_where_they_have_a_price_and_a_wallet():
    def coming(activity, group):
        return Consumption("b", activity, group, date(2026, 12, 1), ChargingMode.WALLET)

    consumed = Wallet("wallet-9", "Cantine", "lunch", CANTEEN, Mode.CONSUMPTION)
    days = [
        coming("dance", "lunch"),
        coming("dance", "lunch"),
        coming("chess", "lunch"),
        coming("dance", "none"),
    ]
    assert wallets.coming_by_wallet(days, [tariff(450)], [consumed]) == {"wallet-9": 900}
