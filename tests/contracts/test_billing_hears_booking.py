"""Billing understands what booking says."""

from pathlib import Path

import pytest

from billing.ports import BookingFact
from booking import contract
from chassis.testing import golden

EXAMPLES = Path(contract.__file__).parents[3] / "contract" / "v1"
HEARD = sorted(name for name, kind in contract.EVENTS.items() if "billing" in kind.subscribers)


@pytest.mark.parametrize("name", HEARD)
def test_billing_reads_whose_booking_it_is_and_what_it_would_cost(name):
    told = golden.event(EXAMPLES, name)
    fact = BookingFact.read(told.data)
    assert (fact.booking_id, fact.family_id) == (told.data["booking_id"], told.data["family_id"])
    assert fact.day.isoformat() == told.data["day"]
    assert fact.activity_group == told.data["activity_group"]


def test_billing_reads_whether_a_cancellation_was_in_time():
    told = golden.event(EXAMPLES, "booking_cancelled")
    assert BookingFact.read(told.data).in_time == told.data["in_time"]


def test_billing_reads_until_when_a_promoted_seat_is_held():
    told = golden.event(EXAMPLES, "seat_promoted")
    fact = BookingFact.read(told.data)
    assert fact.to == told.data["to"]
    assert bool(fact.held_until) == bool(told.data["held_until"])
