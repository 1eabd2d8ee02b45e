"""The tables of docs/rules/money.md, as parameters: payments, the journal, numbers, the balance page."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from billing.attempts import rules as payments
from billing.attempts.model import PaymentState
from billing.balance import rules as wallets
from billing.consumption.model import Consumption
from billing.ledger import rules as journal
from billing.ledger.model import Account, AccountKind, Entry, EntryKind, Leg
from billing.ledger.rules import bank_of, credit_of, revenue_of
from billing.offices.rules import Series, number_of, series_of, year_of
from billing.settlements.model import PartState, Promotion
from billing.settlements.rules import settling as settlements
from billing.settlements.rules.announcements import announcements
from billing.vocabulary import ChargingMode, Result
from billing.wallets.model import Mode, Wallet
from tests.billing.town import (
    CANTEEN,
    FAMILY,
    LEISURE,
    LUNCH,
    NOW,
    SUNDRY,
    WALLET,
    ask,
    charge,
    found,
    held,
    note,
    order,
    payment,
    tariff,
)


@pytest.mark.parametrize(
    ("passed_min", "next_min"),
    [
        (0, 1),
        (1, 2),
        (4, 5),
        (5, 10),
        (10, 20),
        (20, 60),
        (60, 120),
        (24 * 60, 48 * 60),
        (6 * 24 * 60, 7 * 24 * 60),
        (7 * 24 * 60, None),
    ],
)
def test_a_payment_nobody_told_of_is_looked_up_ever_more_rarely(passed_min, next_min):
    expected = None if next_min is None else NOW + timedelta(minutes=next_min)
    assert payments.next_look(NOW, NOW + timedelta(minutes=passed_min)) == expected


def test_a_demonstration_looks_sooner():
    assert payments.next_look(NOW, NOW, timedelta(seconds=1)) == NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "result", "follows"),
    [
        (PaymentState.REDIRECTED, Result.PENDING, PaymentState.CHECKING),
        (PaymentState.REDIRECTED, Result.PAID, PaymentState.PAID),
        (PaymentState.REDIRECTED, Result.REFUSED, PaymentState.REFUSED),
        (PaymentState.CHECKING, Result.ABANDONED, PaymentState.ABANDONED),
        (PaymentState.CHECKING, Result.EXPIRED, PaymentState.EXPIRED),
        (PaymentState.ABANDONED, Result.PAID, PaymentState.PAID),
        (PaymentState.EXPIRED, Result.PAID, PaymentState.PAID),
        (PaymentState.PAID, Result.REFUSED, PaymentState.PAID),
        (PaymentState.QUARANTINED, Result.PAID, PaymentState.QUARANTINED),
    ],
)
def test_only_the_provider_s_word_moves_a_payment(state, result, follows):
    current = payment(500, state=state)
    assert payments.follow(current, found(current, result), NOW).state is follows


@pytest.mark.parametrize("wrong", [{"amount": 499}, {"amount": 501}, {"reference": "another"}])
def test_another_amount_or_reference_is_quarantined(wrong):
    current = payment(500)
    assert payments.follow(current, found(current, **wrong), NOW).state is PaymentState.QUARANTINED


def test_an_abandoned_page_is_watched_while_it_is_open():
    current = payment(500)
    later = NOW + timedelta(minutes=16)
    assert payments.follow(current, found(current, Result.ABANDONED), NOW).look_up_at is not None
    assert payments.follow(current, found(current, Result.ABANDONED), later).look_up_at is None


def test_a_payment_that_nobody_decides_for_a_week_expires():
    current = payment(500)
    outcome = payments.follow(current, found(current, Result.PENDING), NOW + timedelta(days=8))
    assert (outcome.state, outcome.look_up_at) == (PaymentState.EXPIRED, None)


@pytest.mark.parametrize(
    ("state", "minutes", "may"),
    [
        (PaymentState.CREATED, 99, True),
        (PaymentState.CHECKING, 99, True),
        (PaymentState.ABANDONED, 1, True),
        (PaymentState.ABANDONED, 15, False),
        (PaymentState.REFUSED, 1, False),
        (PaymentState.PAID, 1, False),
    ],
)
def test_money_may_still_come_while_the_outcome_is_open(state, minutes, may):
    now = NOW + timedelta(minutes=minutes)
    assert payments.may_still_be_paid(payment(500, state=state), now) == may


def _due(*lines, notes=()):
    return settlements.settle(order(*(lines or (held(1, 500),))), {}, list(notes), NOW).settlement


def test_a_payment_begins_for_what_is_due():
    begun = payments.begin(_due(held(1, 500), held(2, 300)), ask(), None, NOW)
    assert (begun.amount_cents, begun.state) == (800, PaymentState.CREATED)


def test_an_open_page_is_given_again_and_a_closed_one_replaced():
    settlement, current = _due(), payment(500, name="earlier")
    assert payments.begin(settlement, ask(), current, NOW) is current
    over = NOW + timedelta(minutes=16)
    assert payments.begin(settlement, ask(), current, over).id == "payment-1"
    refused = replace(current, state=PaymentState.REFUSED)
    assert payments.begin(settlement, ask(), refused, NOW).id == "payment-1"


def test_nothing_is_paid_after_the_hold_or_where_nothing_is_due():
    assert payments.begin(_due(), ask(), None, NOW + timedelta(minutes=25)) == "hold_expired"
    assert payments.begin(_due(notes=[note("a", 500)]), ask(), None, NOW) == "nothing_due"
    assert payments.begin(_due(), ask(office="office-2"), None, NOW) == "nothing_due"
    assert payments.begin(_due(), ask(office="office-1"), None, NOW).office == LEISURE


def _booked(settlement, amount, notes=()):
    paid = replace(payment(amount), state=PaymentState.PAID)
    return payments.book(paid, settlement, list(notes), "surplus", NOW)


def _legs(changes):
    return {leg.account.kind.value: leg.cents for leg in changes.entries[0].legs}


def test_a_payment_settles_its_part_with_the_reserved_avoirs():
    changes = _booked(_due(notes=[note("a", 200)]), 300)
    assert _legs(changes) == {"bank": -300, "held": -200, "revenue": 500}
    assert changes.settlement.parts[0].state is PartState.SETTLED
    assert [each.charged_cents for each in changes.charged] == [500]


def test_money_for_a_released_order_settles_it_when_avoirs_still_cover_the_rest():
    due = _due(notes=[note("a", 200)])
    released = settlements.release(due, due.parts[0]).settlement
    changes = _booked(released, 300, [note("b", 900)])
    assert _legs(changes) == {"bank": -300, "credit": -200, "revenue": 500}
    assert changes.settled


def test_money_for_a_released_order_becomes_an_avoir_when_the_rest_is_gone():
    due = _due(notes=[note("a", 200)])
    released = settlements.release(due, due.parts[0]).settlement
    changes = _booked(released, 300, [note("b", 100), note("c", 900, office=CANTEEN)])
    assert _legs(changes) == {"bank": -300, "credit": 300}
    assert (changes.settlement, changes.settled, changes.charged) == (None, (), ())
    assert [each.amount_cents for each in changes.issued] == [300]


def test_money_that_comes_twice_becomes_an_avoir():
    settled = _booked(_due(), 500).settlement
    assert _legs(_booked(settled, 500)) == {"bank": -500, "credit": 500}


def test_money_for_a_line_that_was_cancelled_meanwhile_becomes_an_avoir():
    settlement = settlements.withdraw(_due(held(1, 500), held(2, 300)), "booking-2", NOW).settlement
    changes = _booked(settlement, 800)
    assert _legs(changes) == {"bank": -800, "credit": 300, "revenue": 500}
    assert changes.settled
    emptied = settlements.withdraw(settlement, "booking-1", NOW).settlement
    assert _legs(_booked(emptied, 800)) == {"bank": -800, "credit": 800}


def test_money_that_nobody_needs_any_more_is_told_with_its_receipt_and_without_lines():
    settled = _booked(_due(), 500).settlement
    twice = _booked(settled, 500)
    twice = replace(twice, payment=replace(twice.payment, receipt_number="R-2"))
    receipt = announcements(twice, twice.settlement, NOW)[-1]
    assert (receipt.name, receipt.aggregate_id) == ("payment_settled", twice.payment.id)
    assert (receipt.data["receipt_number"], receipt.data["amount_cents"]) == ("R-2", 500)
    assert receipt.data["lines"] == []


def _entry(*legs, office="office-1", entry_id="e"):
    return Entry(entry_id, EntryKind.PAYMENT, FAMILY, office, legs)


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


def test_accounts_have_names():
    assert Account(AccountKind.WALLET, "o", "f", "w").name == "wallet:o:f:w"
    assert Account(AccountKind.BANK, "o").name == "bank:o"


def test_documents_are_numbered_per_series_cash_office_and_local_year():
    assert number_of(Series.RECEIPT, LEISURE, 2026, 42) == "R-LOISIRS-2026-000042"
    assert series_of("R-LOISIRS-2026-000042") == ("R-LOISIRS-2026", 42)
    new_year = NOW.replace(month=12, day=31, hour=23, minute=30)
    assert (year_of(new_year, "Europe/Paris"), year_of(new_year, "America/Cayenne")) == (2027, 2026)


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
    totals = wallets.wallet_totals(lines, due)
    assert (totals.amount_due_cents, totals.bookings_cents) == (7_660, 800)
    assert totals.estimated_balance_cents == -500 + 200 - 7_160


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


def test_events_tell_of_what_happened():
    promotion = Promotion("booking-1", {"day": "2026-11-18"})
    due = settlements.settle(order(held(1, 500), promotion=promotion), {}, [], NOW)
    (asked,) = announcements(due, due.settlement, NOW)
    assert (asked.name, asked.data["amount_cents"], asked.data["facts"]) == (
        "payment_asked",
        500,
        {"day": "2026-11-18"},
    )
    bare = replace(due, settlement=replace(due.settlement, promotion=None))
    assert announcements(bare, bare.settlement, NOW)[0].data["facts"] == {}
    paid = _booked(due.settlement, 500)
    (settled,) = announcements(paid, paid.settlement, NOW)
    assert (settled.name, settled.data["method"], settled.data["paid_at"]) == (
        "payment_settled",
        "online",
        "2026-11-16T08:00:00.000Z",
    )
    covered = settlements.settle(order(held(1, 500), cancelled=["old"]), {"old": charge("old", 500)}, [], NOW)
    names = [(told.name, told.data.get("method")) for told in announcements(covered, covered.settlement, NOW)]
    assert names == [("credit_note_issued", None), ("payment_settled", "credit")]
    assert [told.name for told in announcements(covered, None, NOW)] == ["credit_note_issued"]
