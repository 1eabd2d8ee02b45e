"""Booking's doors, on the real broker and database: what families see, gather and review."""

import base64

import pytest

from chassis.testing import eventually, person
from chassis.values.context import Context
from chassis.values.errors import Refused
from tests.booking.conftest import TOWN, an_id, movement, of_family

MONDAY, TUESDAY = "2026-11-16", "2026-11-17"
ROY, MARTIN, PETIT = of_family("roy"), of_family("martin"), of_family("petit")


def refusal(ask, *call, **request):
    with pytest.raises(Refused) as refused:
        ask(*call, **request)
    return refused.value.code


def month(booking, context, child, activity=None):
    request = {"child_ids": [an_id("child", child)], "from_on": "2026-11-09", "to_on": "2026-12-06"}
    if activity:
        request["activity_id"] = an_id("activity", activity)
    return booking.ask("get_calendar", context, **request)


def test_the_offer_names_the_children_with_what_they_may_attend(booking):
    offer = booking.ask("list_offer", ROY)
    children = {child["first_name"]: child["activity_ids"] for child in offer["children"]}
    assert {name: len(activities) for name, activities in children.items()} == {"Léo": 3, "Zoé": 3}
    assert {activity["name"]: activity["limited"] for activity in offer["activities"]} == {
        "Accueil du soir": True,
        "Repas": True,
        "Sport": False,
    }
    assert [(period["name"], period["open"]) for period in offer["periods"]] == [
        ("Automne", True),
        ("Hiver", False),
    ]


def test_a_child_without_enrolment_is_not_offered_what_needs_one(booking):
    (ida,) = booking.ask("list_offer", PETIT)["children"]
    assert an_id("activity", "soir") not in ida["activity_ids"]


def test_the_calendar_of_one_activity_shows_holidays_closures_and_free_seats(booking):
    calendar = month(booking, ROY, "zoe", "soir")
    (series,) = calendar["series"]
    cells = {cell["day"]: cell for cell in series["days"]}
    assert calendar["aggregates"] == []
    assert cells["2026-11-09"]["reason"] == "past_deadline"
    assert cells["2026-11-11"]["state"] == cells["2026-12-04"]["state"] == "closed"
    assert (cells[MONDAY]["state"], cells[MONDAY]["free"], cells[MONDAY]["would"]) == ("open", 2, "accepted")
    days = {day["day"]: day for day in calendar["days"]}
    assert days["2026-11-11"]["holiday"] == "Armistice"


def test_without_an_activity_a_day_is_told_in_one_word(booking):
    booking.confirmed(ROY, movement("zoe", "soir", MONDAY))
    calendar = month(booking, ROY, "zoe")
    (aggregate,) = calendar["aggregates"]
    states = {day["day"]: day["state"] for day in aggregate["days"]}
    assert states[MONDAY] == "booked"
    assert states[TUESDAY] == "some_open"
    assert states["2026-11-15"] == "none_open"


def test_a_day_lists_the_activities_of_the_child_in_their_order(booking):
    day = booking.ask("get_day", ROY, child_id=an_id("child", "zoe"), day=MONDAY)
    assert [(each["activity_name"], each["cell"]["state"]) for each in day["activities"]] == [
        ("Repas", "open"),
        ("Accueil du soir", "open"),
        ("Sport", "open"),
    ]


@pytest.mark.parametrize("method", ["get_calendar", "get_day", "change_draft"])
def test_the_child_of_another_family_is_as_absent_as_one_that_does_not_exist(booking, method):
    asked = {
        "get_calendar": {"child_ids": [an_id("child", "ida")], "from_on": MONDAY, "to_on": MONDAY},
        "get_day": {"child_id": an_id("child", "ida"), "day": MONDAY},
        "change_draft": {"add": [movement("ida", "sport", MONDAY)]},
    }[method]
    if method == "change_draft":
        asked["draft_id"] = booking.ask("open_draft", ROY)["draft"]["id"]
    assert refusal(booking.ask, method, ROY, **asked) == "not_found"


def test_an_account_has_one_open_draft(booking):
    first, second = (booking.ask("open_draft", ROY)["draft"] for _ in range(2))
    assert first["id"] == second["id"]
    assert booking.ask("open_draft", MARTIN)["draft"]["id"] != first["id"]
    assert refusal(booking.ask, "get_draft", MARTIN, draft_id=first["id"]) == "not_found"


def test_a_draft_takes_movements_once_and_says_what_it_did_not_take(booking):
    draft_id = booking.ask("open_draft", ROY)["draft"]["id"]
    line = movement("zoe", "soir", MONDAY)
    booking.ask("change_draft", ROY, draft_id=draft_id, add=[line])
    changed = booking.ask("change_draft", ROY, draft_id=draft_id, add=[line])
    assert changed["ignored"] == [{"movement": line, "code": "already_there"}]
    assert changed["draft"]["movements"] == [line]
    assert booking.ask("clear_draft", ROY, draft_id=draft_id)["draft"]["movements"] == []
    assert booking.ask("abandon_draft", ROY, draft_id=draft_id) == {}
    assert refusal(booking.ask, "get_draft", ROY, draft_id=draft_id) == "not_found"


def test_an_empty_draft_is_neither_reviewed_nor_confirmed(booking):
    draft_id = booking.ask("open_draft", ROY)["draft"]["id"]
    asked = booking.confirming({"draft_id": draft_id, "quote_id": "none"})
    assert refusal(booking.ask, "review", ROY, draft_id=draft_id) == "draft_empty"
    assert refusal(booking.ask, "confirm", ROY, **asked) == "draft_empty"


def test_the_review_shows_prices_and_what_each_line_would_get(booking, billing):
    booking.confirmed(MARTIN, movement("max", "repas", MONDAY))
    review = booking.reviewed(
        ROY,
        movement("zoe", "repas", MONDAY),
        movement("zoe", "repas", TUESDAY),
        movement("zoe", "soir", MONDAY),
    )
    lines = [(line["day"], line["expected"], line["rank"], line["cost_cents"]) for line in review["bookings"]]
    assert lines == [
        (MONDAY, "waitlisted", 1, 376),
        (MONDAY, "accepted", None, 376),
        (TUESDAY, "held", None, 376),
    ]
    assert review["totals"]["amount_due_cents"] == 376
    assert review["next"] == "pay"
    charged = {line["day"] + line["day_part"]: line["charged"] for line in billing.quoted[-1]["bookings"]}
    assert charged == {f"{MONDAY}noon": False, f"{MONDAY}evening": False, f"{TUESDAY}noon": True}


def test_free_lines_are_reviewed_without_asking_billing(booking, billing):
    billing.silent = True
    review = booking.reviewed(ROY, movement("zoe", "sport", MONDAY))
    assert review["next"] == "ok"
    assert review["bookings"][0]["cost_cents"] == 0


def test_while_billing_is_closed_a_review_is_unavailable(booking, billing):
    billing.silent = True
    draft_id = booking.ask("open_draft", ROY)["draft"]["id"]
    booking.ask("change_draft", ROY, draft_id=draft_id, add=[movement("zoe", "soir", MONDAY)])
    assert refusal(booking.ask, "review", ROY, draft_id=draft_id) == "unavailable"


def test_two_activities_at_the_same_hours_overlap(booking):
    review = booking.reviewed(ROY, movement("zoe", "soir", MONDAY), movement("zoe", "sport", MONDAY))
    assert sorted((line["expected"], line["reason"]) for line in review["bookings"]) == [
        ("accepted", None),
        ("refused", "overlap"),
    ]
    booking.ask("clear_draft", ROY, draft_id=review["draft_id"])
    booking.confirmed(ROY, movement("zoe", "sport", MONDAY))
    confirmation = booking.confirmed(ROY, movement("zoe", "soir", MONDAY))
    assert confirmation["lines"][0]["reason"] == "overlap"


def test_the_list_is_filtered_paged_and_summed(booking):
    booking.confirmed(ROY, *(movement("zoe", "soir", day) for day in (MONDAY, TUESDAY, "2026-11-19")))
    eventually(lambda: len(booking.states(ROY)) == 3)
    first = booking.ask("list_bookings", ROY, limit=2)
    rest = booking.ask("list_bookings", ROY, limit=2, cursor=first["next_cursor"])
    assert [row["day"] for row in first["data"] + rest["data"]] == [MONDAY, TUESDAY, "2026-11-19"]
    assert (first["total_cents"], rest["next_cursor"]) == (3 * 376, None)
    assert booking.states(ROY, from_on=TUESDAY, to_on=TUESDAY) == [(TUESDAY, "accepted")]
    assert booking.states(ROY, states=["cancelled"]) == []
    assert booking.states(MARTIN) == []
    row = first["data"][0]
    assert (row["cancellable"], row["cancellable_until"]) == (True, "2026-11-13T08:00:00.000Z")


def test_requests_are_numbered_per_child_centre_and_period(booking):
    confirmation = booking.confirmed(
        ROY,
        movement("zoe", "soir", MONDAY),
        movement("zoe", "soir", TUESDAY),
        movement("leo", "sport", MONDAY),
    )
    assert len(confirmation["requests"]) == 2
    data = booking.ask("list_requests", ROY)["data"]
    assert {request["state"] for request in data} == {"accepted"}
    request = booking.ask("get_request", ROY, request_id=data[0]["id"])["request"]
    assert request["number"] == data[0]["number"]
    assert refusal(booking.ask, "get_request", MARTIN, request_id=data[0]["id"]) == "not_found"


def test_a_cursor_of_another_list_is_malformed(booking):
    assert refusal(booking.ask, "list_bookings", ROY, cursor="nonsense") == "malformed"
    of_requests = base64.urlsafe_b64encode(b'["2026-11-09T08:00:00+00:00", "x"]').decode()
    assert refusal(booking.ask, "list_bookings", ROY, cursor=of_requests) == "malformed"
    assert booking.ask("list_requests", ROY, cursor=of_requests)["data"] == []


@pytest.mark.parametrize(
    "context",
    [person(organisation_id=TOWN), person(family_id=an_id("family", "roy"))],
    ids=["no family", "another organisation"],
)
def test_who_belongs_to_no_family_here_is_shown_nothing(booking, context):
    assert refusal(booking.ask, "get_day", context, child_id=an_id("child", "zoe"), day=MONDAY) == "not_found"
    if context.family_id is None:
        assert refusal(booking.ask, "list_bookings", context) == "not_found"
    else:
        assert booking.ask("list_bookings", context)["data"] == []


def test_a_service_may_not_come_through_the_doors_of_families(booking):
    stranger = Context(kind="anonymous", issuer="gateway", organisation_id=TOWN)
    assert refusal(booking.ask, "list_offer", stranger) == "forbidden"
