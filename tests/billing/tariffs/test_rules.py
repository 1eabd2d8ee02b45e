"""The tables of docs/rules/tariffs.md, as parameters."""

from datetime import date

import pytest

from billing.tariffs.rules import overlaps, price_of, tariff_on
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


@pytest.mark.parametrize(
    ("first", "last", "does"),
    [
        ("2026-01-01", "2026-12-31", False),  # it replaces the version that begins on the same day
        ("2026-06-01", None, True),
        ("2025-01-01", "2026-01-01", True),
        ("2025-01-01", "2025-12-31", False),
        ("2027-01-01", None, False),
    ],
)
def test_two_versions_of_a_price_never_hold_on_one_day(first, last, does):
    known = [tariff(500, "2026-01-01", "2026-12-31"), tariff(100, activity="chess")]
    assert overlaps(tariff(600, first, last), known) is does


def test_a_version_without_an_end_overlaps_all_that_come_later():
    assert overlaps(tariff(600, "2026-06-01", "2026-06-30"), [tariff(500, "2026-01-01")])
