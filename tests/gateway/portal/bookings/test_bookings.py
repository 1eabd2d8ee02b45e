"""My bookings: filters, and cancelling once."""

import pytest

from tests.gateway.portal.reading import read, send
from tests.gateway.portal.town import WEDNESDAY


def test_the_tick_boxes_stand_for_the_states_behind_them(parent, town):
    parent.get("/bookings?state=waiting&state=over")
    assert town.asked("booking.list_bookings")[-1]["states"] == [
        "held",
        "requested",
        "submitted",
        "cancellation_requested",
        "cancelled",
        "refused",
        "expired",
    ]


def test_a_booking_is_cancelled_once_however_often_it_is_sent(parent, town):
    page = read(parent.get("/bookings/b-1/cancel?day=2026-11-18&child=c-1"))
    data = {field["name"]: field["value"] for field in page.select("main form input[type=hidden]")}
    for _ in range(2):
        assert parent.post("/bookings/b-1/cancel", data=data).status_code == 303
    first, second = town.asked("booking.cancel")
    assert first == second


def test_several_bookings_are_ticked_and_given_back_after_a_review(parent, town):
    town.movements = []
    page = read(parent.get("/bookings?state=accepted"))
    ticks = page.select("#bookings [name=cancel]")
    assert len(ticks) == 1  # one can't be cancelled any more, one is left by itself
    data = {field["name"]: field["value"] for field in page.select("#bookings input[type=hidden]")}
    response = parent.post("/bookings/cancel", data={**data, "cancel": [tick["value"] for tick in ticks]})
    assert response.headers["Location"].startswith("/review?back=/bookings")
    (movement,) = town.movements
    assert (movement["action"], movement["day"], movement["child_id"]) == ("cancel", "2026-11-18", "c-1")


@pytest.mark.parametrize("ticked", [[], ["x"], ["cancel c-1"]])
def test_nothing_ticked_is_nothing_given_back(parent, town, ticked):
    town.movements = []
    response = send(parent, "/bookings/cancel", {"cancel": ticked, "back": "/bookings?child=c-1"})
    assert response.headers["Location"] == "/bookings?child=c-1"
    assert town.movements == []


def test_bookings_stand_by_child_and_activity(parent):
    page = read(parent.get("/bookings"))
    (group,) = page.select(".group")
    assert group.h2.text == "Zoé Martin"
    assert [heading.text.split(" 7")[0] for heading in group.select("h3")] == ["Mercredi 3-6 ans"]
    assert len(group.select("li")) == 3


def test_the_days_to_come_are_taken_into_ones_own_calendar(parent, town):
    response = parent.get("/bookings/days.ics")
    assert response.mimetype == "text/calendar"
    assert town.asked("booking.list_bookings")[-1]["states"] == ["accepted", "held"]
    assert response.text.count("BEGIN:VEVENT") == 3


def test_another_familys_booking_is_not_found(parent):
    assert parent.get("/bookings/b-9/cancel?day=2026-11-18").status_code == 404
    assert parent.get("/confirmations/cf-9").status_code == 404
    assert parent.get(f"/planning/day?for=c-9&day=2026-11-18&activity={WEDNESDAY}").status_code == 404
