"""Quotes through the doors, on a real broker and database, beside the real payment simulator."""

import pytest

from chassis.values.errors import Refused
from tests.billing.asking import booking
from tests.billing.town import FAMILY


def test_a_line_without_a_tariff_is_refused_by_name(billing):
    with pytest.raises(Refused) as refused:
        billing.ask("quote", quote_id="q", family_id=FAMILY, bookings=[booking(3, activity_id="chess")])
    assert refused.value.code == "no_tariff"
    assert "line 3" in refused.value.detail


def test_a_quote_says_why_a_day_costs_what_it_costs(billing):
    quote = billing.ask(
        "quote",
        quote_id="q",
        family_id=FAMILY,
        bookings=[booking()],
        cancellations=[{"line": 2, "booking_id": "unknown", "charging_mode": "prepaid"}],
    )
    assert quote["expires_at"] == "2026-11-16T08:30:00.000Z"
    assert quote["lines"][0]["trace"][0]["step"] == "flat"
    assert quote["credits"] == [{"line": 2, "booking_id": "unknown", "amount_cents": 0}]
