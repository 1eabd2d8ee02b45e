"""Reviewing, confirming once, and the outcome."""

import pytest

from chassis.values.errors import Refused, Unavailable
from tests.gateway import samples
from tests.gateway.portal.reading import read, send
from tests.gateway.samples.money import OFFICE


def consent_of(page):
    """Return what the form of a review would send."""
    fields = page.select("form[action='/review/confirm'] input[type=hidden]")
    return {field["name"]: field["value"] for field in fields}


def test_confirming_sends_the_key_of_the_page_each_time(parent, town):
    page = read(parent.get("/review"))
    assert page.select_one("#account-total").text == "12,60\u00a0€"
    data = consent_of(page)
    for _ in range(2):
        response = parent.post("/review/confirm", data=data)
        assert response.status_code == 303
    first, second = town.asked("booking.confirm")
    assert first == second
    assert first["quote_id"] == "q-1"


@pytest.fixture
def held(town):
    """The review's one line is held and one cash office is to be paid, as it was read."""
    town.reviewed = {"cancellations": []}


def test_confirming_leads_straight_to_the_payment_page(parent, town, held):
    data = consent_of(read(parent.get("/review")))
    first, second = (parent.post("/review/confirm", data=data) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] == samples.STARTED["page_url"]
    one, two = town.asked("billing.start_payment")
    assert one == two
    assert (one["settlement_id"], one["cash_office_id"]) == ("cf-1", "co-1")


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": [{**samples.LINE, "verdict": "refused", "reason": "full"}]},
        {"lines": [{**samples.LINE, "verdict": "waitlisted", "rank": 2}]},
        {"payment": {**samples.CONFIRMATION["payment"], "amount_due_cents": 1000}},
    ],
)
def test_an_answer_that_differs_from_what_was_read_is_shown_before_anything_is_paid(
    parent, town, held, changed
):
    town.confirmation = {**samples.CONFIRMATION, **changed}
    response = parent.post("/review/confirm", data=consent_of(read(parent.get("/review"))))
    assert response.headers["Location"] == "/confirmations/cf-1?read=1260"
    assert town.asked("billing.start_payment") == []
    page = read(parent.get(response.headers["Location"]))
    assert page.select_one("#to-pay #pay")
    if "payment" in changed:
        said = page.select_one("#to-pay").text
        assert "10,00\u00a0€ au lieu de 12,60\u00a0€" in said


@pytest.mark.parametrize("failure", [Refused("provider_unavailable"), Unavailable("billing", "away")])
def test_a_payment_that_does_not_start_leaves_the_confirmation_and_a_button_to_pay(
    parent, town, held, failure
):
    data = consent_of(read(parent.get("/review")))
    town.refusing["billing.start_payment"] = failure
    response = parent.post("/review/confirm", data=data, follow_redirects=True)
    page = read(response)
    assert page.select_one("#pay, #pay-1")


def test_two_cash_offices_are_paid_one_after_the_other(parent, town, held):
    other = {**OFFICE, "cash_office_id": "co-2"}
    payment = {**samples.CONFIRMATION["payment"], "offices": [OFFICE, other]}
    town.confirmation = {**samples.CONFIRMATION, "payment": payment}
    response = parent.post("/review/confirm", data=consent_of(read(parent.get("/review"))))
    assert response.headers["Location"] == "/confirmations/cf-1"


def test_a_stale_review_leads_back_to_the_review_which_says_why(parent, town):
    town.refusing["booking.confirm"] = Refused("review_stale")
    data = {"draft": "d-1", "quote": "q-0", "key": "k", "back": "/planning?month=2026-12"}
    response = send(parent, "/review/confirm", data)
    assert response.status_code == 303
    page = read(parent.get(response.headers["Location"]))
    assert page.select_one("#stale")
    assert page.select_one("#confirm")
    assert page.select_one("#to-planning")["href"] == "/planning?month=2026-12"


def test_the_way_back_to_the_planning_is_the_way_one_came(parent):
    page = read(parent.get("/review", query_string={"back": "/planning?child=c-zoe&month=2026-12"}))
    assert page.select_one("#to-planning")["href"] == "/planning?child=c-zoe&month=2026-12"
    assert read(parent.get("/review?back=//evil.example")).select_one("#to-planning")["href"] == "/planning"


def test_a_line_is_taken_out_of_the_review_and_the_review_comes_back(parent, town, held):
    town.reviewed = {
        "bookings": [
            {
                **samples.REVIEW["bookings"][0],
                **{
                    k: town.movements[0][k]
                    for k in ("child_id", "activity_id", "centre_id", "day", "day_part")
                },
            }
        ],
        "cancellations": [],
    }
    page = read(parent.get("/review?back=/planning"))
    data = {field["name"]: field["value"] for field in page.select("#lines input[type=hidden]")}
    undo = page.select_one(".lines-list button[name=undo]")
    response = parent.post("/planning/draft", data={**data, "undo": undo["value"]})
    assert response.headers["Location"] == "/review?back=/planning"
    assert town.movements == []


def test_a_review_that_says_the_same_under_a_new_number_is_confirmed_as_it_was_read(parent, town):
    data = consent_of(read(parent.get("/review")))
    town.quote_id = "q-2"
    response = parent.post("/review/confirm", data=data)
    assert response.status_code == 303
    assert "stale" not in response.headers["Location"]
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
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/review?stale=review_stale")
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
