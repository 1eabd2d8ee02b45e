import pytest

from booking.confirmations.rules.requests import request_state
from booking.vocabulary import BookingState
from tests.booking.rule_tables import rows

REQUESTS = rows("bookings.md", "## What a request is, from its lines")


@pytest.mark.parametrize("row", REQUESTS, ids=lambda row: row["lines"] or "none")
def test_a_request_is_what_its_lines_make_of_it(row):
    assert request_state(map(BookingState, row["lines"].split())).value == row["request"]
