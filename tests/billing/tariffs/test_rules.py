"""The tables of docs/rules/tariffs.md, as parameters."""

from datetime import date

import pytest

from billing.tariffs.rules import price_of, tariff_on
from tests.billing.town import tariff

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
