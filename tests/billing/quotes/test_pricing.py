"""Pricing the lines of a basket: docs/rules/tariffs.md."""

from datetime import date

from billing.quotes.model import NoPrice
from billing.quotes.rules import price_line, price_lines
from tests.billing.town import LEISURE, LUNCH, WALLET, asked, tariff

VERSIONS = [
    tariff(400, "2026-01-01", "2026-08-31"),
    tariff(450, "2026-09-01", "2026-12-31"),
    tariff(480, "2027-01-01"),
    tariff(999, activity="judo"),
]


def test_a_line_without_a_tariff_is_named():
    assert price_line(asked(7, activity="chess"), VERSIONS, [WALLET]) == NoPrice(
        "no_tariff", 7, "chess", "leisure", date(2026, 11, 18)
    )


def test_a_line_without_a_wallet_is_named():
    missing = price_line(asked(7), VERSIONS, [LUNCH])
    assert (missing.code, missing.line) == ("no_wallet", 7)


def test_what_is_free_costs_nothing_and_touches_no_wallet():
    line = price_line(asked(mode="free", activity="chess"), [], [])
    assert (line.price_cents, line.office, line.wallet_id) == (0, None, None)


def test_a_priced_line_names_its_wallet_and_cash_office():
    line = price_line(asked(), VERSIONS, [WALLET, LUNCH])
    assert (line.price_cents, line.office, line.wallet_id) == (450, LEISURE, "wallet-1")


def test_the_lines_of_a_basket_are_parted_into_those_with_a_price_and_those_without():
    lines, missing = price_lines([asked(1), asked(2, activity="chess")], [tariff(500)], [WALLET])
    assert [line.line for line in lines] == [1]
    assert [(each.line, each.code) for each in missing] == [(2, "no_tariff")]
