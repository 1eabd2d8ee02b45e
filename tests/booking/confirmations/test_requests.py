import pytest

from booking.bookings.rules import may_become
from booking.confirmations.rules.requests import request_state
from booking.vocabulary import BookingState
from tests.booking.rule_tables import rows

TRANSITIONS = rows("bookings.md", "## How a booking may go on")
REQUESTS = rows("bookings.md", "## What a request is, from its lines")


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row["from"])
def test_a_booking_goes_on_only_as_its_table_says(row):
    following = {state.value for state in BookingState if may_become(BookingState(row["from"]), state)}

    assert following == set(row["may become"].split())


def test_the_table_of_transitions_names_every_state():
    assert {row["from"] for row in TRANSITIONS} == {state.value for state in BookingState}


@pytest.mark.parametrize("row", REQUESTS, ids=lambda row: row["lines"] or "none")
def test_a_request_is_what_its_lines_make_of_it(row):
    assert request_state(map(BookingState, row["lines"].split())).value == row["request"]
