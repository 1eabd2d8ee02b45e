"""Paying all that is due at a cash office: one button each, said why, and what became of it."""

import pytest

from chassis.values.errors import Refused
from gateway.clients.asking import read_each
from gateway.clients.billing import SettlementDue
from gateway.portal.money.tills import tills, together
from tests.gateway import samples
from tests.gateway.portal.reading import read, send

[OFFICE] = samples.DUE["offices"]
CANTEEN = {**OFFICE, "cash_office_id": "co-2", "name": "Régie cantine", "amount_due_cents": 300}
SECOND = {**samples.DUE, "settlement_id": "cf-2", "held_until": "2026-11-16T08:20:00Z"}
ELSEWHERE = {**samples.DUE, "settlement_id": "cf-3", "offices": [CANTEEN]}


def _told(*due, of=together):
    return [
        (till.cash_office_id, till.orders, till.amount_due_cents, till.held_until)
        for till in of(read_each(SettlementDue, due))
    ]


def test_a_cash_office_is_paid_whole_until_the_first_of_its_holds_ends():
    assert _told(samples.DUE, SECOND) == [("co-1", 2, 2520, "2026-11-16T08:20:00Z")]


def test_each_cash_office_has_a_button_of_its_own_the_most_urgent_first():
    assert _told(ELSEWHERE, SECOND, samples.DUE) == [
        ("co-1", 2, 2520, "2026-11-16T08:20:00Z"),
        ("co-2", 1, 300, "2026-11-16T08:35:00Z"),
    ]


def test_one_thing_to_pay_needs_no_button_for_all():
    assert _told(samples.DUE) == []
    assert _told(samples.DUE, of=tills) == [("co-1", 1, 1260, "2026-11-16T08:35:00Z")]


def test_an_order_that_is_being_checked_is_not_counted():
    checked = {**SECOND, "being_checked": ["co-1"]}
    assert _told(samples.DUE, checked, of=tills) == [("co-1", 1, 1260, "2026-11-16T08:35:00Z")]


@pytest.mark.parametrize("path", ["/home", "/balance"])
def test_all_that_is_due_is_paid_by_one_button_with_its_amount(parent, town, path):
    town.due = [samples.DUE, SECOND]
    button = read(parent.get(path)).select_one("form[action='/pay/office/co-1'] button")
    assert "Tout payer" in button.text
    assert "25,20" in button.text
    response = send(parent, "/pay/office/co-1", {"key": "k-1"}, at=path)
    assert response.headers["Location"] == "http://pay.example/pay/1"
    (asked,) = town.asked("billing.start_payment")
    assert (asked["cash_office_id"], asked["key"]) == ("co-1", "k-1")
    assert not {"settlement_id", "settlement_ids"} & set(asked)


@pytest.mark.parametrize("path", ["/home", "/balance"])
def test_each_order_says_whose_days_it_is_for(parent, town, path):
    town.due = [samples.DUE, SECOND]
    own = {**samples.BOOKING, "state": "held", "confirmation_id": "cf-2", "child_id": "c-zoe"}
    town.bookings = [
        {**own, "id": "b-1", "day": "2026-11-20"},
        {**own, "id": "b-2", "day": "2026-11-23"},
    ]
    words = read(parent.get(path)).select_one("li:has(a[href='/pay/cf-2'])").text
    assert "Zoé" in words
    assert ", vendredi 20 novembre et 1 autre jour" in words.replace("\u00a0", " ")


def test_several_cash_offices_are_said_to_collect_each_for_itself(parent, town):
    town.due = [samples.DUE, ELSEWHERE]
    page = read(parent.get("/home"))
    forms = [form["action"] for form in page.select(".todo form")]
    assert forms == ["/pay/office/co-2", "/pay/office/co-1"]
    assert "un paiement par régie" in page.select_one(".todo").text


def test_the_page_of_a_cash_office_adds_up_what_its_orders_owe(parent, town):
    town.due = [samples.DUE, SECOND]
    town.bookings = [{**samples.BOOKING, "id": "b-9", "state": "held", "confirmation_id": "cf-2"}]
    page = read(parent.get("/pay/office/co-1"))
    assert [head.text for head in page.select("main h3")] == [
        "Commande 1\u00a0: 12,60\u00a0€",
        "Commande 2\u00a0: 12,60\u00a0€",
    ]
    assert page.select_one("#pay-total").text == "25,20\u00a0€"
    assert len(page.select(".days")) == 1


def test_where_nothing_is_due_any_more_the_page_says_what_may_have_happened(parent, town):
    town.due = []
    response = parent.get("/pay/office/co-1")
    assert response.status_code == 404
    assert "réglé" in read(response).main.text


@pytest.mark.parametrize(
    ("code", "status"),
    [("nothing_due", 409), ("payment_page_open", 409), ("email_missing", 422), ("provider_unavailable", 503)],
)
def test_a_payment_of_all_that_can_not_start_says_why(parent, town, code, status):
    town.due = [samples.DUE, SECOND]
    town.refusing["billing.start_payment"] = Refused(code, retry_after_s=60)
    response = send(parent, "/pay/office/co-1", {"key": "k-1"})
    assert response.status_code == status
    page = read(response)
    assert page.select_one("#pay-error")
    assert bool(page.select_one("input[type=email]")) is (code == "email_missing")


def test_an_address_that_no_provider_takes_is_asked_for_again(parent, town):
    response = send(parent, "/pay/office/co-1", {"key": "k-1", "email": "ana"})
    assert response.status_code == 422
    assert town.asked("billing.start_payment") == []


def test_while_booking_is_silent_what_is_owed_is_said_all_the_same(parent, town):
    town.due = [samples.DUE, SECOND]
    town.refusing["booking.list_bookings"] = Refused("not_found")
    page = read(parent.get("/pay/office/co-1"))
    assert page.select_one("#pay-total").text == "25,20\u00a0€"
    assert page.select(".days") == []


def test_what_is_no_answer_to_a_person_stays_an_error(parent, town):
    town.refusing["billing.start_payment"] = Refused("idempotency_mismatch")
    assert send(parent, "/pay/office/co-1", {"key": "k-1"}).status_code == 422


def _paid(*orders, credited_cents=0):
    total = sum(cents for _, cents, _ in orders) + credited_cents
    named = [{"settlement_id": name, "amount_cents": cents, "settled": ok} for name, cents, ok in orders]
    changed = {"amount_cents": total, "orders": named, "credited_cents": credited_cents}
    return {**samples.PAYMENT, "state": "paid", **changed}


def test_the_outcome_lists_what_was_paid_order_by_order_with_one_receipt(parent, town):
    town.payment = _paid(("cf-1", 1260, True), ("cf-2", 900, True))
    page = read(parent.get("/payments/return?payment=pay-1"))
    heads = [head.text for head in page.select("#orders h2")]
    assert [amount in head for head, amount in zip(heads, ("12,60", "9,00"), strict=True)] == [True, True]
    assert page.select_one("#receipt-number").text == samples.PAYMENT["receipt_number"]
    assert page.select_one("#calendar")["href"] == "/bookings/days.ics"
    assert page.select_one("#credited") is None


def test_one_order_gives_its_own_calendar(parent, town):
    town.payment = _paid(("cf-1", 1260, True))
    page = read(parent.get("/payments/return?payment=pay-1"))
    assert page.select_one("#calendar")["href"] == "/confirmations/cf-1/days.ics"
    assert [head.text for head in page.select("#orders h2")] == ["Vos jours"]


def test_the_outcome_says_what_is_next(parent, town):
    until = "2026-11-17T08:00:00Z"
    row = {**samples.BOOKING, "state": "accepted", "confirmation_id": "cf-1", "cancellable_until": until}
    town.bookings = [row]
    town.payment = _paid(("cf-1", 1260, True))
    said = read(parent.get("/payments/return?payment=pay-1")).select_one("#next").text
    assert "Premier jour" in said
    assert "annulé jusqu" in said
    assert "Voir mes paiements" in said
    receipt = read(parent.get("/payments/return?payment=pay-1")).select_one("#receipt-pdf")
    assert receipt["href"] == "/balance/receipts/pay-1.pdf"
    town.bookings = [{**row, "cancellable_until": None}]
    assert "ne peuvent plus" in read(parent.get("/payments/return?payment=pay-1")).select_one("#next").text


def test_what_came_too_late_for_an_order_is_said_to_be_a_credit_note(parent, town):
    town.payment = _paid(("cf-1", 1260, True), ("cf-2", 0, False), credited_cents=900)
    page = read(parent.get("/payments/return?payment=pay-1"))
    assert "9,00" in page.select_one("#credited h2").text
    assert len(page.select("#orders .card")) == 1
    town.payment = _paid(("cf-2", 0, False), credited_cents=900)
    page = read(parent.get("/payments/return?payment=pay-1"))
    assert "avoir" in page.select_one("#paid h1").text
    assert page.select("#orders .card, #next") == []


def test_the_days_of_a_promoted_seat_are_its_booking_s(parent, town):
    town.refusing["booking.get_confirmation"] = Refused("not_found")
    town.bookings = [{**samples.BOOKING, "id": "b-9", "state": "accepted"}]
    town.payment = _paid(("b-9", 1260, True))
    assert read(parent.get("/payments/return?payment=pay-1")).select_one("#orders .days")


def test_of_very_many_orders_the_first_are_shown_and_the_others_counted(parent, town):
    town.payment = _paid(*((f"cf-{each}", 100, True) for each in range(12)))
    page = read(parent.get("/payments/return?payment=pay-1"))
    assert len(page.select("#orders .card")) == 10
    assert "2 autres commandes" in page.select_one("#orders").text


def test_while_booking_is_silent_the_money_is_said_all_the_same(parent, town):
    town.refusing["booking.list_bookings"] = Refused("not_found")
    town.refusing["booking.get_confirmation"] = Refused("not_found")
    town.payment = _paid(("cf-1", 1260, True))
    page = read(parent.get("/payments/return?payment=pay-1"))
    assert page.select_one("#paid")
    assert "liste de vos réservations" in page.select_one("#orders").text


def test_a_refused_payment_of_several_is_tried_again_for_all(parent, town):
    town.payment = {**_paid(("cf-1", 1260, False), ("cf-2", 900, False)), "state": "refused"}
    again = read(parent.get("/payments/return?payment=pay-1")).select_one("#again")
    assert again["href"] == f"/pay/office/{samples.PAYMENT['cash_office_id']}"
