"""Pricing a basket, on fakes."""

import pytest

from billing.offices.model import BillingSettings
from billing.quotes import doors
from chassis.values.errors import Refused
from tests.billing.asking import booking as line
from tests.billing.house import ANA, BOOKING
from tests.billing.town import charge, note


def quoted(fakes, *lines, quote_id="quote-1", context=BOOKING, **more):
    return fakes.ask(doors.quote, context, {"quote_id": quote_id, "bookings": list(lines), **more})


def test_a_basket_is_priced_with_what_its_cancellations_and_free_credit_notes_give(fakes):
    fakes.credit_notes.charged["old"] = charge("old", 300)
    fakes.credit_notes.notes["a"] = note("a", 100)
    cancelled = [{"line": 9, "booking_id": "old", "charging_mode": "prepaid"}]
    answer = quoted(fakes, line(1), line(2), cancellations=cancelled)
    assert [each["price_cents"] for each in answer["lines"]] == [500, 500]
    assert answer["credits"] == [{"line": 9, "booking_id": "old", "amount_cents": 300}]
    assert answer["offices"][0]["amount_due_cents"] == 600
    assert answer["expires_at"] == "2026-11-16T08:30:00.000Z"


def test_prices_are_promised_for_as_long_as_the_organisation_decides(fakes):
    fakes.settings.decided = BillingSettings(quote_minutes=5)
    assert quoted(fakes, line(1))["expires_at"] == "2026-11-16T08:05:00.000Z"


def test_every_line_without_a_price_is_named(fakes):
    with pytest.raises(Refused) as refused:
        quoted(fakes, line(1), line(2, activity_id="chess"), line(3, activity_group="none"))
    assert refused.value.code == "no_tariff"
    assert [each["pointer"] for each in refused.value.errors] == ["/bookings/2", "/bookings/3"]
    with pytest.raises(Refused, match="no_wallet"):
        quoted(fakes, line(3, activity_group="none"))


def test_a_quote_made_once_stays_as_it_was(fakes):
    first = quoted(fakes, line(1))
    fakes.clock.advance(minutes=10)
    assert quoted(fakes, line(1), line(2)) == first


def test_another_family_s_quote_is_not_shown(fakes):
    quoted(fakes, line(1))
    with pytest.raises(Refused, match="conflict"):
        quoted(fakes, line(1), family_id="family-2")


def test_only_booking_asks_for_prices(fakes):
    with pytest.raises(Refused, match="forbidden"):
        quoted(fakes, line(1), context=ANA)
