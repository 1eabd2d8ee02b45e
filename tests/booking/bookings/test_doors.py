"""The door of the book, with fakes of its stores."""

from dataclasses import replace

import pytest

from booking.bookings import contract, doors
from booking.bookings.contract import ListBookings
from booking.confirmations.contract import GetConfirmation, GetRequest, ListRequests
from booking.confirmations.doors import tracking
from chassis.values.errors import Refused
from tests.booking.small_town import MARTIN, ROY, confirmed, movement

ALL = {"child_id": None, "from_on": None, "to_on": None, "states": (), "cursor": None, "limit": 50}


def listed(town, who, **filters):
    shown = doors.list_bookings(town.as_(who), ListBookings(**{**ALL, **filters}))
    assert contract.BookingList().validate(shown) == {}
    return shown


def test_the_list_has_the_state_of_this_moment_and_what_all_of_it_costs(town):
    confirmed(town, ROY, movement("zoe", "evening"), movement("leo", "sport"))
    shown = listed(town, ROY)
    assert {row["child_id"]: row["state"] for row in shown["data"]} == {"zoe": "accepted", "leo": "accepted"}
    assert (shown["total_cents"], shown["next_cursor"]) == (376, None)
    assert listed(town, MARTIN)["data"] == []


def test_a_page_that_is_full_says_where_the_next_begins(town):
    confirmed(town, ROY, movement("zoe", "evening"), movement("leo", "sport"))
    assert listed(town, ROY, limit=1)["next_cursor"] is not None


def test_who_waits_is_shown_the_rank_of_this_moment(town):
    confirmed(town, MARTIN, movement("max", "meal"))
    confirmed(town, ROY, movement("zoe", "meal"))
    (row,) = listed(town, ROY)["data"]
    assert (row["state"], row["rank"], row["cancellable"]) == ("waitlisted", 1, True)


def test_after_the_deadline_a_booking_says_why_it_stays(town):
    confirmed(town, ROY, movement("zoe", "evening"))
    town.clock.set("2026-11-16T09:00:00Z")
    (row,) = listed(town, ROY)["data"]
    assert (row["cancellable"], row["why_not"]) == (False, "past_deadline")
    assert row["cancellable_until"] == "2026-11-15T23:00:00.000Z"


def test_a_cursor_of_another_list_is_malformed(town):
    with pytest.raises(Refused, match="malformed"):
        listed(town, ROY, cursor="nonsense")


@pytest.mark.parametrize(
    ("today", "called"),
    [
        ("2026-11-09T09:00:00Z", "Éva Roy"),
        ("2026-11-16T09:00:00Z", "Éva Roy"),
        ("2026-11-17T09:00:00Z", "éva Roy"),
    ],
)
def test_a_name_that_was_put_right_is_shown_on_days_to_come_and_not_on_those_that_are_over(
    town, today, called
):
    zoe = town.children.kept["zoe"]
    town.children.kept["zoe"] = replace(zoe, first_name="éva")
    made = confirmed(town, ROY, movement("zoe", "evening"))
    town.children.kept["zoe"] = replace(zoe, first_name="Éva")
    town.clock.set(today)
    asked = tracking.get_confirmation(town.as_(ROY), GetConfirmation(made["id"]))["confirmation"]
    requests = tracking.list_requests(town.as_(ROY), ListRequests(None, 10))["data"]
    one = tracking.get_request(town.as_(ROY), GetRequest(requests[0]["id"]))["request"]
    shown = [listed(town, ROY)["data"][0], asked["lines"][0], requests[0]["lines"][0], one["lines"][0]]
    assert [row["child_name"] for row in shown] == [called] * 4
