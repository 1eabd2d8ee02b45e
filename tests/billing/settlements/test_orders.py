"""Making an order of what booking asks or tells."""

from dataclasses import replace

import pytest

from billing.quotes.rules import price_line
from billing.settlements.model import AskedOrder, CancelledBooking, HeldSeat
from billing.settlements.rules.orders import held_line, order_of, promoted_order
from tests.billing.town import FAMILY, HELD_UNTIL, WALLET, asked, tariff

PRICED = price_line(asked(), [tariff(500)], [WALLET])
FREE = price_line(asked(mode="free"), [], [])
SEAT = HeldSeat(1, "booking-1", HELD_UNTIL)
ASKED = AskedOrder("settlement-1", "quote-1", held=[SEAT], cancelled=[CancelledBooking(9, "old")])


def made(request=ASKED, lines=None):
    return order_of(request, FAMILY, lines or {1: PRICED}, lambda booking_id: f"note of {booking_id}")


def test_a_held_seat_costs_what_its_quote_said():
    order = made()
    assert [(line.booking_id, line.price_cents, line.office) for line in order.held] == [
        ("booking-1", 500, WALLET.office)
    ]
    assert order.cancelled[0].credit_note_id == "note of old"


@pytest.mark.parametrize("lines", [{2: PRICED}, {1: FREE}], ids=["unknown", "free"])
def test_a_held_seat_without_a_price_is_named(lines):
    assert made(lines=lines) == "booking-1"


def test_the_same_order_has_the_same_digest_in_whatever_order_it_is_told():
    several = replace(ASKED, held=[SEAT, HeldSeat(2, "booking-2", HELD_UNTIL)])
    lines = {1: PRICED, 2: replace(PRICED, line=2, booking_id="booking-2")}
    turned = replace(several, held=several.held[::-1])
    assert made(several, lines).content_sha256 == made(turned, lines).content_sha256
    assert made(several, lines).content_sha256 != made().content_sha256
    assert made(replace(ASKED, quote_id="quote-2")).content_sha256 != made().content_sha256


def test_an_order_that_cancels_something_else_is_another_order():
    assert made(replace(ASKED, cancelled=[])).content_sha256 != made().content_sha256
    several = [CancelledBooking(9, "old"), CancelledBooking(8, "older")]
    digests = {made(replace(ASKED, cancelled=told)).content_sha256 for told in (several, several[::-1])}
    assert len(digests) == 1


def test_a_promoted_seat_is_an_order_under_its_bookings_id_with_what_booking_told():
    order = promoted_order(PRICED, FAMILY, HELD_UNTIL, {"day": "2026-11-18"})
    assert (order.settlement_id, order.held[0].held_until) == ("booking-1", HELD_UNTIL)
    assert order.promotion.facts == {"day": "2026-11-18"}
    assert promoted_order(FREE, FAMILY, HELD_UNTIL, {}) == "booking-1"


def test_nothing_is_held_for_money_that_nobody_asks():
    assert held_line(None, "booking-1", HELD_UNTIL) is None
