"""Settling orders and promoted seats, on fakes."""

from dataclasses import replace

import pytest

from billing.attempts.doors import list_settlements_due
from billing.quotes import doors as quotes
from billing.settlements import doors
from chassis.values.actor import Actor
from chassis.values.errors import Refused
from tests.billing.asking import FACTS
from tests.billing.asking import booking as line
from tests.billing.house import ANA, BOOKING, EVE
from tests.billing.town import charge, note

HELD_UNTIL = "2026-11-16T08:25:00.000Z"
PROMOTED = {**FACTS, "to": "held", "held_until": HELD_UNTIL}


def settled(fakes, *numbers, quote_id="quote-1", cancelled=(), context=BOOKING, **more):
    held = [{"line": each, "booking_id": f"b-{each}", "held_until": HELD_UNTIL} for each in numbers]
    gone = [{"line": 90, "booking_id": each} for each in cancelled]
    request = {"settlement_id": "s-1", "quote_id": quote_id, "held": held, "cancelled": gone, **more}
    return fakes.ask(doors.settle, context, request)


@pytest.fixture
def quoted(fakes):
    fakes.ask(quotes.quote, BOOKING, {"quote_id": "quote-1", "bookings": [line(1), line(2)]})
    return fakes


def test_an_order_is_due_at_the_prices_of_its_quote_also_when_that_is_old(quoted):
    quoted.clock.advance(hours=1)
    answer = settled(quoted, 1, 2)
    assert (answer["state"], answer["offices"][0]["amount_due_cents"]) == ("due", 1_000)
    assert quoted.bell.woken == 1


def test_who_asked_for_it_is_kept_with_an_order(quoted):
    settled(quoted, 1, context=replace(BOOKING, actor=Actor("person", account_id="ana")))
    quoted.hear(doors.on_seat_promoted, PROMOTED)
    asked_by = {name: each.actor for name, each in quoted.settlements.kept.items()}
    assert asked_by == {"s-1": {"kind": "person", "account_id": "ana"}, "promoted": {"kind": "service"}}


def test_what_was_cancelled_pays_for_what_is_booked(quoted):
    quoted.credit_notes.charged["old"] = charge("old", 600)
    assert settled(quoted, 1, cancelled=["old"])["state"] == "settled"
    assert [each.left_cents for each in quoted.credit_notes.notes.values()] == [100]


def test_an_order_of_cancellations_alone_needs_no_quote(fakes):
    reply = settled(fakes, quote_id=None, cancelled=["old"])
    assert reply == {"state": "settled", "offices": [], "credit_notes": []}


def test_who_cancelled_is_told_the_numbers_of_the_avoirs_that_came_of_it(fakes):
    fakes.credit_notes.charged["old"] = charge("old", 600)
    [note] = settled(fakes, quote_id=None, cancelled=["old", "free"])["credit_notes"]
    assert note == {"booking_id": "old", "number": "A-1", "amount_cents": 600}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"quote_id": "unknown"}, "not_found"),
        ({"quote_id": None}, "not_found"),
        ({"family_id": "family-2"}, "not_found"),
    ],
)
def test_what_no_quote_of_the_family_promised_is_not_settled(quoted, request_, code):
    with pytest.raises(Refused, match=code):
        settled(quoted, 1, **request_)


def test_a_held_seat_that_its_quote_does_not_know_is_a_conflict(quoted):
    with pytest.raises(Refused, match="conflict"):
        settled(quoted, 3)
    assert quoted.settlements.kept == {}


def test_a_family_sees_what_it_has_to_pay_and_nobody_else_does(quoted):
    settled(quoted, 1)
    (due,) = quoted.ask(list_settlements_due, ANA)["data"]
    assert (due["settlement_id"], due["amount_due_cents"], due["held_until"]) == ("s-1", 500, HELD_UNTIL)
    assert quoted.ask(list_settlements_due, EVE)["data"] == []
    quoted.clock.advance(minutes=25)
    assert quoted.ask(list_settlements_due, ANA)["data"] == []


def test_a_promoted_seat_is_an_order_under_its_bookings_id_at_todays_price(fakes):
    fakes.hear(doors.on_seat_promoted, PROMOTED)
    settlement = fakes.settlements.kept["promoted"]
    assert (settlement.parts[0].amount_due_cents, settlement.promotion.facts) == (500, PROMOTED)


def test_a_promoted_seat_that_credit_covers_is_settled_at_once(fakes):
    fakes.credit_notes.notes["a"] = note("a", 500)
    fakes.hear(doors.on_seat_promoted, PROMOTED)
    assert fakes.settlements.kept["promoted"].answer["state"] == "settled"


def test_a_promoted_seat_that_needs_no_money_is_none_of_billings(fakes):
    fakes.hear(doors.on_seat_promoted, {**PROMOTED, "to": "accepted", "held_until": None})
    assert fakes.settlements.kept == {}


@pytest.mark.parametrize(
    ("changes", "code"), [({"activity_id": "chess"}, "no_tariff"), ({"charging_mode": "free"}, "conflict")]
)
def test_a_promoted_seat_without_a_price_is_heard_again_later(fakes, changes, code):
    with pytest.raises(Refused, match=code):
        fakes.hear(doors.on_seat_promoted, {**PROMOTED, **changes})
