"""Billing understands what booking says."""

import pytest

from billing.ports.booking import BookingFact
from tests.contracts import telling

A_BOOKING = {"booking_id", "family_id", "activity_id", "activity_group", "day", "charging_mode"}
NEEDS = dict.fromkeys(
    ("booking_accepted", "booking_cancelled", "hold_expired", "seat_lost", "seat_promoted"), A_BOOKING
)


@pytest.mark.parametrize("way", telling.events("billing", "booking"), ids=str)
def test_billing_reads_whose_booking_it_is_and_what_it_would_cost(way):
    told = way.message.data
    fact = BookingFact.read(told)
    assert (fact.booking_id, fact.family_id) == (told["booking_id"], told["family_id"])
    assert (fact.activity_group, fact.day.isoformat()) == (told["activity_group"], told["day"])
    assert fact.charging_mode == told["charging_mode"]


@pytest.mark.parametrize("way", telling.events("billing", "booking", "booking_cancelled"), ids=str)
def test_billing_reads_from_what_and_whether_in_time_a_booking_was_cancelled(way):
    fact = BookingFact.read(way.message.data)
    assert (fact.was, fact.in_time) == ("accepted", True)


@pytest.mark.parametrize("way", telling.events("billing", "booking", "seat_promoted"), ids=str)
def test_billing_reads_until_when_a_promoted_seat_is_held(way):
    told = way.message.data
    fact = BookingFact.read(told)
    assert fact.to == told["to"]
    assert bool(fact.held_until) == bool(told["held_until"])


def test_billing_hands_on_with_a_request_to_pay_what_booking_told():
    promoted = telling.example("booking", "seat_promoted.event")["data"]
    asked = telling.example("billing", "payment_asked.event")["data"]["facts"]
    assert asked.keys() == promoted.keys()


def test_billing_needs_no_more_than_this():
    assert telling.needs("billing", "booking", lambda told: BookingFact.read(told.data)) == NEEDS
