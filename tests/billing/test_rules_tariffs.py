"""The tables of docs/rules/tariffs.md, as parameters."""

from datetime import date

import pytest

from billing.quotes.model import NoPrice
from billing.quotes.rules import price_line
from billing.tariffs.rules import price_of, tariff_on
from billing.vocabulary import ChargingMode
from billing.wallets.model import Mode, Wallet
from billing.wallets.rules import wallet_for
from tests.billing.town import CANTEEN, LEISURE, LUNCH, SUNDRY, WALLET, asked, tariff

VERSIONS = [
    tariff(400, "2026-01-01", "2026-08-31"),
    tariff(450, "2026-09-01", "2026-12-31"),
    tariff(480, "2027-01-01"),
    tariff(999, activity="judo"),
]


@pytest.mark.parametrize(
    ("day", "cents"),
    [
        ("2025-12-31", None),
        ("2026-01-01", 400),
        ("2026-08-31", 400),
        ("2026-09-01", 450),
        ("2026-12-31", 450),
        ("2027-01-01", 480),
        ("2031-07-14", 480),
    ],
)
def test_the_price_is_that_of_the_version_valid_on_the_service_day(day, cents):
    price = price_of(VERSIONS, "dance", date.fromisoformat(day))
    assert (price and price.cents) == cents


def test_a_price_says_why():
    price = price_of(VERSIONS, "dance", date(2026, 10, 1))
    assert price.trace == (
        {"step": "flat", "valid_from": "2026-09-01", "valid_to": "2026-12-31", "price_cents": 450},
    )


def test_of_two_valid_versions_the_one_that_began_last_counts():
    assert tariff_on([tariff(1), tariff(2, "2026-06-01")], "dance", date(2026, 7, 1)).price_cents == 2


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


def test_the_wallet_of_the_same_mode_goes_before_another_of_the_group():
    invoiced = Wallet("wallet-0", "Factures", "leisure", CANTEEN, Mode.INVOICED)
    assert wallet_for([invoiced, WALLET], "leisure", ChargingMode.PREPAID) == WALLET
    assert wallet_for([invoiced, WALLET], "leisure", ChargingMode.INVOICED) == invoiced
    assert wallet_for([SUNDRY], "care", ChargingMode.PREPAID) == SUNDRY
    assert wallet_for([SUNDRY], "leisure", ChargingMode.PREPAID) is None
