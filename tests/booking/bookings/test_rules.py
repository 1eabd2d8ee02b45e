"""The rules of the book that stand as tables in docs/rules/bookings.md."""

import pytest

from booking.bookings.rules import republished
from booking.seats.model import SeatEvent
from booking.vocabulary import BookingState
from tests.booking.rule_tables import rows

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("row", rows("bookings.md", "## What republishing says of a booking"), ids=str)
def test_what_is_told_again_of_a_booking_is_what_billing_must_know_of_how_it_stands(row):
    went_through = [SeatEvent(name) for name in row["it went through"].split()]
    told = republished(BookingState(row["it stands"]), went_through)
    assert " ".join(told) == row["told again"]
