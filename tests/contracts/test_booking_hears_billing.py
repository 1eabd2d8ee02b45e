"""Booking understands what billing says."""

import pytest

from booking.ports import billing as ports
from tests.contracts import telling

NEEDS = {"payment_settled": {"settlement_id", "lines", "lines.booking_id"}}


@pytest.mark.parametrize("way", telling.events("booking", "billing"), ids=str)
def test_booking_reads_which_bookings_are_paid(way):
    told = way.message.data
    paid = ports.payment_settled(way.message)
    assert paid.settlement_id == told["settlement_id"]
    assert paid.booking_ids == tuple(line["booking_id"] for line in told["lines"])
    assert paid.booking_ids


def test_booking_needs_no_more_than_this():
    assert telling.needs("booking", "billing", ports.payment_settled) == NEEDS
