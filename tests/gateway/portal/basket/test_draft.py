import re

import pytest

from chassis.values.errors import Refused
from tests.gateway.portal.reading import read
from tests.gateway.portal.town import CANTEEN, LEO, SCHOOL, ZOE, cell


def town_state(day):
    return cell(day)["state"]


MONTH = f"/planning?child={ZOE}&child={LEO}&activity={CANTEEN}&month=2026-12"


def form_of(page):
    """Return what the form of days would send, without the button."""
    fields = page.select("#days input[type=hidden]")
    data: dict[str, list[str]] = {}
    for field in fields:
        data.setdefault(field["name"], []).append(field["value"])
    return data


@pytest.fixture
def month(parent, town):
    town.movements = []
    return read(parent.get(MONTH))


def test_pressing_a_free_day_puts_it_into_the_draft_and_pressing_again_takes_it_out(parent, town, month):
    day = month.select_one("#d1-2026-12-02")
    assert "Libre" in day.text
    response = parent.post("/planning/draft", data={**form_of(month), "toggle": day["value"]})
    assert response.status_code == 303
    assert response.headers["Location"].endswith("#d1-2026-12-02")
    assert town.movements == [
        {
            "action": "book",
            "child_id": LEO,
            "activity_id": CANTEEN,
            "centre_id": SCHOOL,
            "day": "2026-12-02",
            "day_part": "day",
        }
    ]
    again = read(parent.get(MONTH))
    day = again.select_one("#d1-2026-12-02")
    assert "À réserver" in day.text
    parent.post("/planning/draft", data={**form_of(again), "toggle": day["value"]})
    assert town.movements == []


def test_htmx_gets_the_changed_day_and_the_panel_alone(parent, month):
    response = parent.post(
        "/planning/draft",
        data={**form_of(month), "toggle": "b0.2026-12-02"},
        headers={"HX-Request": "true"},
    )
    page = read(response)
    assert page.select_one("#d0-2026-12-02")["hx-swap-oob"] == "true"
    assert "draft-book" in page.select_one("#d0-2026-12-02")["class"]
    assert "1 changement" in page.select_one("#panel").text
    assert page.html is None


@pytest.mark.parametrize("toggle", ["x0.2026-12-02", "b7.2026-12-02", "b0.2026-13-02", "b0.", '{"$ne": ""}'])
def test_a_press_that_no_button_made_is_refused(parent, town, month, toggle):
    response = parent.post("/planning/draft", data={**form_of(month), "toggle": toggle})
    assert response.status_code == 400
    assert town.movements == []


SPAN = {"from": "2026-11-02", "end_period": "2027-01-10", "end_span": "2026-12-31"}
BULK = {"child": [ZOE, LEO], "activity": CANTEEN, "weekday": ["2", "3", "4"], "until": "period", **SPAN}


def test_many_days_are_counted_before_they_are_added(parent, town, month):
    page = read(parent.get("/planning/bulk", query_string=BULK))
    assert town.movements == []
    said = page.select_one("#bulk-count").text
    assert re.search(r"\d+ jours? libres? : \d+,\d\d", said.replace("\u00a0", " "))
    assert "liste d\u2019attente" in said
    assert len(page.select("[name=child][checked]")) == 2


def test_weekdays_of_the_whole_period_are_chosen_at_once_and_waiting_lists_only_when_ticked(
    parent, town, month
):
    data = {**form_of(month), **BULK}
    parent.post("/planning/draft", data={**data, "bulk": "book"})
    sure = {movement["day"] for movement in town.movements}
    assert sure
    assert all(movement["action"] == "book" for movement in town.movements)
    assert {movement["child_id"] for movement in town.movements} == {ZOE, LEO}
    assert {town_state(day) for day in sure} == {"open"}
    assert [request["from_on"] for request in town.asked("booking.get_calendar")][-1:] == ["2026-11-16"]
    parent.post("/planning/draft", data={**data, "bulk": "forget"})
    assert town.movements == []
    parent.post("/planning/draft", data={**data, "bulk": "book", "waiting": "1"})
    assert {town_state(movement["day"]) for movement in town.movements} == {"open", "waiting_open"}


def test_what_is_booked_is_given_back_on_many_days_at_once(parent, town, month):
    parent.post("/planning/draft", data={**form_of(month), **BULK, "bulk": "cancel"})
    assert {movement["action"] for movement in town.movements} == {"cancel"}
    assert {town_state(movement["day"]) for movement in town.movements} <= {"booked", "waitlisted"}


@pytest.mark.parametrize("missing", ["child", "weekday", "activity"])
def test_many_days_of_nobody_or_nothing_are_none(parent, town, month, missing):
    asked = {name: value for name, value in BULK.items() if name != missing}
    assert (
        "note" in read(parent.get("/planning/bulk", query_string=asked)).select_one("#bulk-count p")["class"]
    )
    parent.post("/planning/draft", data={**form_of(month), **asked, "bulk": "book"})
    assert town.movements == []


@pytest.mark.parametrize(
    "span",
    [("9999-12-30", "9999-12-31"), ("9999-01-01", "9999-12-31"), ("0001-01-01", "0001-03-31")],
)
@pytest.mark.parametrize("action", ["book", "forget"])
def test_the_ends_of_the_calendar_are_days_like_others(parent, town, month, action, span):
    first, last = span
    asked = {**BULK, "from": first, "end_period": last, "bulk": action}
    assert parent.post("/planning/draft", data={**form_of(month), **asked}).status_code == 303


@pytest.mark.parametrize("span", [{"from": "x"}, {"end_period": "2026-13-01"}, {"until": "never"}])
def test_days_that_are_none_are_refused(parent, month, span):
    assert (
        parent.post("/planning/draft", data={**form_of(month), **BULK, **span, "bulk": "book"}).status_code
        == 400
    )


def test_a_draft_that_was_confirmed_elsewhere_gives_way_to_the_open_one(parent, town, month):
    data = {**form_of(month), "draft": "d-old", "toggle": "b0.2026-12-02"}
    assert parent.post("/planning/draft", data=data).status_code == 303
    assert len(town.movements) == 1


def test_a_cost_that_nobody_can_say_right_now_disturbs_no_one(parent, town, month):
    day = month.select_one("#d1-2026-12-02")
    parent.post("/planning/draft", data={**form_of(month), "toggle": day["value"]})
    town.refusing["booking.review"] = Refused("conflict", "the draft changed while it was reviewed")
    response = parent.get("/planning/costs", headers={"HX-Request": "true"})
    assert (response.status_code, response.data) == (204, b"")
