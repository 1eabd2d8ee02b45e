import pytest

from chassis.values.errors import Refused
from tests.gateway import samples
from tests.gateway.portal_fakes import CANTEEN, LEO, SCHOOL, WEDNESDAY, ZOE
from tests.gateway.portal_reading import read, send

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
    assert "1 modification" in page.select_one("#panel").text
    assert page.html is None


@pytest.mark.parametrize("toggle", ["x0.2026-12-02", "b7.2026-12-02", "b0.2026-13-02", "b0.", '{"$ne": ""}'])
def test_a_press_that_no_button_made_is_refused(parent, town, month, toggle):
    response = parent.post("/planning/draft", data={**form_of(month), "toggle": toggle})
    assert response.status_code == 400
    assert town.movements == []


def test_weekdays_of_the_whole_period_are_chosen_at_once(parent, town, month):
    data = {
        **form_of(month),
        "bulk": "book",
        "weekday": ["2"],
        "scope": "period",
        "period_from": "2026-11-02",
        "period_to": "2027-01-10",
    }
    parent.post("/planning/draft", data=data)
    days = {movement["day"] for movement in town.movements}
    assert days
    assert all(movement["action"] == "book" for movement in town.movements)
    assert {movement["child_id"] for movement in town.movements} == {ZOE, LEO}
    assert [request["from_on"] for request in town.asked("booking.get_calendar")][-2:] == [
        "2026-11-02",
        "2027-01-03",
    ]
    parent.post("/planning/draft", data={**data, "bulk": "forget"})
    assert town.movements == []


def test_a_draft_that_was_confirmed_elsewhere_gives_way_to_the_open_one(parent, town, month):
    data = {**form_of(month), "draft": "d-old", "toggle": "b0.2026-12-02"}
    assert parent.post("/planning/draft", data=data).status_code == 303
    assert len(town.movements) == 1


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


def test_paying_leads_to_the_provider_and_names_the_way_back(parent, town):
    response = send(parent, "/pay/cf-1", {"key": "k-1", "cash_office": "co-1"})
    assert response.status_code == 303
    assert response.headers["Location"] == "http://pay.example/pay/1"
    (request,) = town.asked("billing.start_payment")
    assert request["return_url"] == "http://portal.example/payments/return?payment={payment_id}"


def test_what_is_not_due_is_not_found_and_the_page_says_what_may_have_happened(parent):
    response = parent.get("/pay/other")
    assert response.status_code == 404
    assert "réglé" in read(response).main.text


def test_a_seat_to_pay_leads_from_the_list_to_the_payment_of_its_own_settlement(parent, town):
    town.bookings = [{**samples.BOOKING, "id": "b-9", "state": "held", "confirmation_id": "cf-1"}]
    link = read(parent.get("/bookings")).select_one("a[href^='/pay/']")["href"]
    assert read(parent.get(link)).select_one("form[action='/pay/cf-1']")
    town.due = [samples.DUE, {**samples.DUE, "settlement_id": "b-9"}]
    assert read(parent.get(link)).select_one("form[action='/pay/b-9']")


@pytest.mark.parametrize(
    ("code", "status"), [("nothing_due", 409), ("hold_expired", 409), ("email_missing", 422)]
)
def test_a_payment_that_can_not_start_says_why_on_its_page(parent, town, code, status):
    town.refusing["billing.start_payment"] = Refused(code)
    response = send(parent, "/pay/cf-1", {"key": "k-1", "cash_office": "co-1"})
    assert response.status_code == status
    assert read(response).select_one("#pay-error")
    assert bool(read(response).select_one("input[type=email]")) is (code == "email_missing")


@pytest.mark.parametrize(
    ("state", "shown", "refreshes"),
    [
        ("paid", "#paid", False),
        ("created", "#waiting", True),
        ("redirected", "#waiting", True),
        ("checking", "#waiting", True),
        ("refused", "#unpaid", False),
        ("abandoned", "#unpaid", False),
        ("expired", "#unpaid", False),
    ],
)
def test_the_return_page_tells_the_truth(parent, town, state, shown, refreshes):
    town.payment = {**samples.PAYMENT, "state": state, "receipt_number": "R-7" if state == "paid" else None}
    page = read(parent.get("/payments/return?payment=pay-1"))
    assert page.select_one(shown)
    assert ("R-7" in page.text) is (state == "paid")
    assert bool(page.select_one("meta[http-equiv=refresh]")) is refreshes
    assert bool(page.select_one("#again")) is (state in {"refused", "abandoned"})


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


def test_another_familys_booking_is_not_found(parent):
    assert parent.get("/bookings/b-9/cancel?day=2026-11-18").status_code == 404
    assert parent.get("/confirmations/cf-9").status_code == 404
    assert parent.get(f"/planning/day?for=c-9&day=2026-11-18&activity={WEDNESDAY}").status_code == 404


def test_a_cost_that_nobody_can_say_right_now_disturbs_no_one(parent, town, month):
    day = month.select_one("#d1-2026-12-02")
    parent.post("/planning/draft", data={**form_of(month), "toggle": day["value"]})
    town.refusing["booking.review"] = Refused("conflict", "the draft changed while it was reviewed")
    response = parent.get("/planning/costs", headers={"HX-Request": "true"})
    assert (response.status_code, response.data) == (204, b"")
