"""Paying online: the way to the provider, and the truth on return."""

from dataclasses import replace

import pytest

from chassis.values.errors import Refused
from tests.gateway import samples
from tests.gateway.portal.reading import read, send


def test_paying_leads_to_the_provider_and_names_the_way_back(parent, town):
    response = send(parent, "/pay/cf-1", {"key": "k-1", "cash_office": "co-1"})
    assert response.status_code == 303
    assert response.headers["Location"] == "http://pay.example/pay/1"
    (request,) = town.asked("billing.start_payment")
    assert request["return_url"] == "http://portal.example/payments/return?payment={payment_id}"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://pay.example/pay/1",
        "http://pay.example.evil.example/pay/1",
        "http://pay.example@evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
    ],
)
def test_paying_leads_to_no_other_place(parent, town, monkeypatch, elsewhere):
    monkeypatch.setitem(samples.STARTED, "page_url", elsewhere)
    response = send(parent, "/pay/cf-1", {"key": "k-1", "cash_office": "co-1"})
    assert response.status_code == 500
    assert "Location" not in response.headers


def test_where_no_provider_is_named_nobody_is_led_anywhere(parent, town, portal, monkeypatch):
    named = portal.extensions["settings"]
    monkeypatch.setitem(portal.extensions, "settings", replace(named, payment_host=""))
    assert send(parent, "/pay/cf-1", {"key": "k-1", "cash_office": "co-1"}).status_code == 500


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


@pytest.mark.parametrize("email", ["b\u00e9@essai.example", "a" * 70 + "@essai.example", "ana"])
def test_an_address_that_no_provider_takes_is_asked_for_again_before_anybody_is_asked(parent, town, email):
    response = send(parent, "/pay/cf-1", {"key": "k-1", "cash_office": "co-1", "email": email})
    assert response.status_code == 422
    assert read(response).select_one("input[type=email]")["value"] == email
    assert town.asked("billing.start_payment") == []


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


def test_who_comes_back_with_the_provider_s_name_of_the_payment_alone_sees_it(parent, town):
    town.payment = {**samples.PAYMENT, "state": "paid"}
    assert read(parent.get("/payments/return?id=p-1")).select_one("#paid")
    assert parent.get("/payments/return?id=unknown").status_code == 404


def test_a_payment_being_checked_is_said_and_nothing_is_offered_to_pay(parent, town):
    town.due = [{**samples.DUE, "being_checked": [each["cash_office_id"] for each in samples.DUE["offices"]]}]
    page = read(parent.get("/pay/cf-1"))
    assert page.select_one("#checked-1")
    assert not page.select_one("form[action='/pay/cf-1']")
    for path in ("/home", "/balance"):
        assert "en cours de vérification" in read(parent.get(path)).main.text
        assert not read(parent.get(path)).select_one("a[href='/pay/cf-1']")


def test_who_asks_to_pay_all_the_same_is_told_that_a_payment_is_being_checked(parent, town):
    town.refusing["billing.start_payment"] = Refused("payment_being_checked")
    response = send(parent, "/pay/cf-1", {"key": "k-1", "cash_office": "co-1"})
    assert response.status_code == 409
    assert "vérification" in read(response).select_one("#pay-error").text


@pytest.mark.parametrize(
    ("resolution", "shown", "again"),
    [
        (None, "#checked", False),
        ({"outcome": "credited", "amount_cents": 100}, "#credited", False),
        ({"outcome": "nothing_came", "amount_cents": 0}, "#unpaid", True),
    ],
)
def test_the_return_page_says_how_a_check_ended(parent, town, resolution, shown, again):
    ended = resolution and {**resolution, "resolved_at": "2026-11-17T09:30:00.000Z"}
    town.payment = {**samples.PAYMENT, "state": "quarantined", "receipt_number": None, "resolution": ended}
    page = read(parent.get("/payments/return?payment=pay-1"))
    assert page.select_one(shown)
    assert bool(page.select_one("#again")) is again


def test_who_left_the_payment_page_is_told_to_go_back_to_it_and_until_when(parent, town):
    left = {**samples.PAYMENT, "state": "abandoned", "page_open_until": "2026-11-16T08:32:00Z"}
    town.payment = left
    page = read(parent.get("/payments/return?payment=pay-1"))
    assert "9 h 32" in page.select_one("#left").text.replace("\u00a0", " ")
    assert not page.select_one("#again")


def test_who_asks_for_a_second_page_is_told_to_go_on_in_the_first_or_when_to_come_back(parent, town):
    town.refusing["billing.start_payment"] = Refused("payment_page_open", retry_after_s=720)
    response = send(parent, "/pay/cf-1", {"key": "k-1", "cash_office": "co-1"})
    assert response.status_code == 409
    error = read(response).select_one("#pay-error").text
    assert "cet onglet" in error
    assert "nouveau paiement à partir" in error
