"""Reviewing, confirming once, and the outcome."""

import pytest

from chassis.values.errors import Refused
from tests.gateway import samples
from tests.gateway.portal.reading import read, send


def consent_of(page):
    """Return what the form of a review would send."""
    fields = page.select("form[action='/review/confirm'] input[type=hidden]")
    return {field["name"]: field["value"] for field in fields}


def test_confirming_sends_the_key_of_the_page_each_time(parent, town):
    page = read(parent.get("/review"))
    assert page.select_one("#amount-due").text == "12,60\u00a0€"
    data = consent_of(page)
    for _ in range(2):
        response = parent.post("/review/confirm", data=data)
        assert response.headers["Location"] == "/confirmations/cf-1"
    first, second = town.asked("booking.confirm")
    assert first == second
    assert first["quote_id"] == "q-1"


def test_a_stale_review_is_shown_anew_with_the_reason(parent, town):
    town.refusing["booking.confirm"] = Refused("review_stale")
    response = send(parent, "/review/confirm", {"draft": "d-1", "quote": "q-0", "key": "k"})
    assert response.status_code == 409
    assert read(response).select_one("#stale")
    assert read(response).select_one("#confirm")


def test_a_review_that_says_the_same_under_a_new_number_is_confirmed_as_it_was_read(parent, town):
    data = consent_of(read(parent.get("/review")))
    town.quote_id = "q-2"
    response = parent.post("/review/confirm", data=data)
    assert response.headers["Location"] == "/confirmations/cf-1"
    first, second = town.asked("booking.confirm")
    assert (first["quote_id"], second["quote_id"]) == ("q-1", "q-2")
    assert {**first, "quote_id": ""} == {**second, "quote_id": ""}


@pytest.mark.parametrize(
    "changed",
    [
        {"bookings": []},
        {"totals": {**samples.REVIEW["totals"], "amount_due_cents": 1261}},
        {"next": "ok"},
        {"bookings": [{**samples.REVIEW["bookings"][0], "expected": "waitlisted", "rank": 1}]},
    ],
)
def test_a_review_that_says_something_else_is_read_again_before_it_counts(parent, town, changed):
    data = consent_of(read(parent.get("/review")))
    town.quote_id, town.reviewed = "q-2", changed
    response = parent.post("/review/confirm", data=data)
    assert response.status_code == 409
    assert read(response).select_one("#stale")
    assert len(town.asked("booking.confirm")) == 1


@pytest.mark.parametrize("code", ["confirmation_in_progress", "not_found", "draft_empty", "review_stale"])
def test_a_second_click_lands_on_the_outcome_of_the_first(parent, town, code):
    """The basket has become its confirmation, under its id: it may be answered, or still be worked on."""
    town.refusing["booking.confirm"] = Refused(code)
    response = send(parent, "/review/confirm", {"draft": "cf-1", "quote": "q-1", "key": "k"})
    assert response.status_code == 303
    assert response.headers["Location"] == "/confirmations/cf-1"


def test_a_confirmation_under_way_is_waited_for(parent, town):
    town.refusing["booking.confirm"] = Refused("confirmation_in_progress", retry_after_s=2)
    response = send(parent, "/review/confirm", {"draft": "d-1", "quote": "q-1", "key": "k"})
    assert response.status_code == 409
    assert response.headers["Retry-After"] == "2"
    assert read(response).select_one("meta[http-equiv=refresh]")["content"] == "2;url=/review"


@pytest.mark.parametrize(("verdict", "waits"), [("held", True), ("accepted", False)])
def test_what_is_paid_is_done_when_the_seat_is_accepted(parent, town, verdict, waits):
    lines = [{**samples.LINE, "verdict": verdict}]
    payment = {**samples.CONFIRMATION["payment"], "state": "settled"}
    town.confirmation = {**samples.CONFIRMATION, "lines": lines, "payment": payment}
    page = read(parent.get("/confirmations/cf-1"))
    assert bool(page.select_one("main[data-refresh]")) == waits
    assert bool(page.select_one("#done")) != waits
