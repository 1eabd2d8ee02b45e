"""The tables of docs/rules/prepayment.md on quotes, as parameters."""

from datetime import timedelta

from billing.quotes.model import Credit
from billing.quotes.rules import credit_expected, paid_at_once, price_line, quote, totals
from billing.vocabulary import ChargingMode
from tests.billing.town import (
    CANTEEN,
    FAMILY,
    LEISURE,
    LUNCH,
    NOW,
    WALLET,
    asked,
    charge,
    note,
    tariff,
)


def test_a_quote_freezes_prices_for_a_while_and_sums_up_what_is_prepaid():
    tariffs = [tariff(500), tariff(300, activity="lunch")]
    lines = [
        price_line(asked(1), tariffs, [WALLET, LUNCH]),
        price_line(asked(2, charged=False), tariffs, [WALLET, LUNCH]),
        price_line(asked(3, activity="lunch", group="lunch", mode="invoiced"), tariffs, [WALLET, LUNCH]),
        price_line(asked(4, mode="free"), tariffs, [WALLET, LUNCH]),
    ]
    made = quote(
        quote_id="q",
        family_id=FAMILY,
        lines=lines,
        given_back=[Credit(5, "old", 200, LEISURE), Credit(6, "none", 0, None)],
        notes=[note("a", 100), note("b", 900, office=CANTEEN)],
        now=NOW,
        promised_for=timedelta(minutes=30),
    )
    assert made.expires_at == NOW + timedelta(minutes=30)
    (total,) = made.totals
    assert (total.bookings_cents, total.cancellations_cents) == (500, 200)
    assert (total.credits_used_cents, total.amount_due_cents) == (300, 200)
    assert [paid_at_once(line) for line in lines] == [True, False, False, False]
    assert lines[0].charging_mode is ChargingMode.PREPAID


def test_a_basket_of_cancellations_alone_shows_the_credit_note_to_come():
    (total,) = totals([], [Credit(1, "old", 200, LEISURE)], [])
    assert (total.cancellations_cents, total.amount_due_cents) == (200, 0)


def test_what_one_cash_office_gives_back_lowers_nothing_at_another():
    line = price_line(asked(1), [tariff(500)], [WALLET])
    [leisure, canteen] = totals([line], [Credit(2, "old", 200, CANTEEN)], [])
    assert (leisure.office, leisure.cancellations_cents, leisure.amount_due_cents) == (LEISURE, 0, 500)
    assert (canteen.office, canteen.cancellations_cents, canteen.amount_due_cents) == (CANTEEN, 200, 0)


def test_a_cancellation_gives_back_what_this_family_was_charged():
    assert credit_expected(1, "b", charge("b", 500, credited=100)).amount_cents == 400
    assert credit_expected(1, "b", None).office is None
