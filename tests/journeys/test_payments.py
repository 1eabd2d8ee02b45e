"""Payments that do not go straight: one comes otherwise than asked for, one is left and gone back to."""

from datetime import datetime, timedelta

import pytest
import requests

from chassis.testing.waiting import eventually
from deploy.demo import carteville
from deploy.fsck import report
from deploy.local import fsck, town
from tests.journeys.people import TIMEOUT_S, Refused, cents
from tests.journeys.test_prepaid import book_meals


def press(payment, choice):
    """Press a button of the provider's page."""
    body = {"choice": choice}
    requests.post(payment["page_url"], data=body, timeout=TIMEOUT_S, allow_redirects=False).raise_for_status()


def refusal_of(family, settlement_id):
    with pytest.raises(Refused) as refused:
        family.start_payment(settlement_id)
    return refused.value


def test_a_payment_of_another_amount_is_checked_and_what_came_becomes_an_avoir(stack, family, mails):
    _, _, confirmation = book_meals(family, 1)
    payment = family.start_payment(confirmation["id"])
    fault = {"reference": payment["id"], "reported_amount_cents": 100}
    requests.post(f"{stack.payment_url}/api/faults", json=fault, timeout=TIMEOUT_S).raise_for_status()
    press(payment, "pay")
    eventually(lambda: family.payment(payment["id"])["state"] == "quarantined")

    [due] = family.get("/settlements/due")["data"]
    assert due["being_checked"] == [office["cash_office_id"] for office in due["offices"]]
    assert refusal_of(family, confirmation["id"]).code == "payment_being_checked"
    assert family.state(confirmation["lines"][0]["booking_id"]) == "held"
    assert any(payment["id"] in sentence for sentence in report.waiting_for_people(fsck.where(stack)))

    found_out = ["resolve", payment["id"], "--organisation", carteville.SLUG, "--came-cents", "100"]
    town.run_command(stack, "billing", found_out)
    resolved = family.payment(payment["id"])
    assert (resolved["resolution"]["outcome"], cents(resolved["resolution"]["amount"])) == ("credited", 100)
    assert [cents(note["left"]) for note in family.get("/credit-notes")["data"]] == [100]
    receipt = resolved["receipt_number"]
    eventually(lambda: any(receipt in mail["subject"] for mail in mails(family.login)))
    assert not any("avoir n" in mail["subject"].casefold() for mail in mails(family.login))
    assert report.waiting_for_people(fsck.where(stack)) == []


def test_all_that_is_due_at_a_cash_office_is_one_payment_one_receipt_and_one_mail(stack, family, mails):
    kept = [book_meals(family, 1)[2] for _ in range(2)]
    [office] = {due["cash_office_id"] for each in kept for due in each["payment"]["offices"]}
    total = sum(cents(each["payment"]["amount_due"]) for each in kept)
    payment = family.start_payment_of_all(office, "all-at-once")
    assert family.start_payment_of_all(office, "all-at-once")["id"] == payment["id"]
    assert cents(payment["amount"]) == total
    assert refusal_of(family, kept[0]["id"]).code == "payment_page_open"
    press(payment, "pay")
    eventually(lambda: family.payment(payment["id"])["state"] == "paid")

    paid = family.payment(payment["id"])
    assert {each["settlement_id"] for each in paid["orders"]} == {each["id"] for each in kept}
    assert all(each["settled"] for each in paid["orders"])
    seats = [line["booking_id"] for each in kept for line in each["lines"]]
    eventually(lambda: all(family.state(seat) == "accepted" for seat in seats))
    assert family.get("/settlements/due")["data"] == []
    receipt = paid["receipt_number"]
    told = eventually(lambda: [mail for mail in mails(family.login) if receipt in mail["subject"]])
    assert len(told) == 1
    assert report.waiting_for_people(fsck.where(stack)) == []


def test_who_left_the_payment_page_goes_back_to_it_and_is_given_no_second_one(family):
    _, _, confirmation = book_meals(family, 1)
    payment = family.start_payment(confirmation["id"])
    press(payment, "abandon")
    eventually(lambda: family.payment(payment["id"])["state"] == "abandoned")
    refusal = refusal_of(family, confirmation["id"])
    assert (refusal.status, refusal.code) == (409, "payment_page_open")
    told = (refusal.problem["retry_at"], family.payment(payment["id"])["page_open_until"])
    retry_at, open_until = map(datetime.fromisoformat, told)
    assert abs(retry_at - open_until) < timedelta(minutes=2)
    press(payment, "pay")
    eventually(lambda: family.payment(payment["id"])["state"] == "paid")
    eventually(lambda: family.state(confirmation["lines"][0]["booking_id"]) == "accepted")


def test_who_was_refused_may_pay_at_once_on_another_page(family):
    _, _, confirmation = book_meals(family, 1)
    refused = family.pay(confirmation["id"], "refuse")
    assert refused["state"] == "refused"
    paid = family.pay(confirmation["id"])
    assert (paid["state"], paid["id"] != refused["id"]) == ("paid", True)
