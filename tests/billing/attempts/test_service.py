"""Paying through the doors, on a real broker and database, beside the real payment simulator."""

import eventlet
import pytest

from chassis.running import failpoints
from chassis.testing import eventually, person
from chassis.values.errors import Failed, Refused
from tests.billing.asking import (
    ANA,
    FACTS,
    booking,
    confirmed,
    payment_id_of,
    reference_of,
    start,
    state_of,
    told,
)
from tests.billing.town import FAMILY, ORGANISATION, SCOPE


def test_a_week_is_quoted_settled_paid_and_receipted(billing, simulator):
    answer = confirmed(billing, "s-1", *(booking(line) for line in range(1, 6)))
    assert (answer["state"], answer["offices"][0]["amount_due_cents"]) == ("due", 2_500)
    (due,) = billing.ana("list_settlements_due")["data"]
    assert (due["settlement_id"], due["amount_due_cents"]) == ("s-1", 2_500)
    payment = start(billing)
    assert payment["state"] == "redirected"
    back = simulator.click(payment["page_url"], "pay")
    assert back.startswith(f"http://127.0.0.1:1/back/{payment['id']}?id=")
    shown = billing.ana("get_payment", payment_id=payment["id"])["payment"]
    assert (shown["state"], shown["receipt_number"]) == ("paid", "R-LOISIRS-2026-000001")
    assert shown["authorisation"]
    (settled,) = told(billing, "payment_settled")
    assert [line["booking_id"] for line in settled["lines"]] == [f"b-{line}" for line in range(1, 6)]
    assert billing.ana("list_settlements_due")["data"] == []
    (listed,) = billing.ana("list_payments")["data"]
    assert (listed["amount_cents"], listed["receipt_number"]) == (2_500, "R-LOISIRS-2026-000001")
    assert billing.books.check() == []


def test_twenty_notifications_at_once_are_one_payment_and_a_foreign_one_is_none(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.click(payment["page_url"], "pay")
    reference = reference_of(billing, payment)
    answers = list(eventlet.GreenPool(20).imap(billing.hint, [reference] * 20 + ["made-up"]))
    assert {answer["payment_id"] for answer in answers} == {payment["id"], None}
    eventually(lambda: told(billing, "payment_settled"))
    assert billing.hint(reference) == {"payment_id": payment["id"], "state": "paid"}
    assert len(told(billing, "payment_settled")) == 1
    assert billing.books.check() == []


def test_a_forged_notification_changes_nothing(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    billing.hint(reference_of(billing, payment))
    eventually(lambda: billing.store.attempts.get(SCOPE, payment["id"]).look_ups)
    assert state_of(billing, payment) == "checking"
    assert told(billing, "payment_settled") == []


def test_an_amount_that_is_not_ours_is_quarantined(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.fault(payment["id"], reported_amount_cents=1)
    simulator.click(payment["page_url"], "pay")
    assert state_of(billing, payment) == "quarantined"
    assert told(billing, "payment_settled") == []


def test_a_payment_that_nobody_told_of_is_found_by_asking(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.fault(payment["id"], drop_notification=True)
    simulator.click(payment["page_url"], "pay")
    billing.clock.advance(minutes=2)
    eventually(lambda: told(billing, "payment_settled"))
    assert billing.books.check() == []


def test_an_abandoned_payment_may_still_be_paid(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.click(payment["page_url"], "abandon")
    assert state_of(billing, payment) == "abandoned"
    simulator.click(payment["page_url"], "pay")
    assert state_of(billing, payment) == "paid"


def test_a_refused_card_lets_the_family_try_again(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.click(payment["page_url"], "refuse")
    assert state_of(billing, payment) == "refused"
    again = start(billing, key="key-2")
    assert again["id"] != payment["id"]
    assert start(billing, key="key-2") == again


def test_a_provider_that_fails_is_told_and_the_same_key_goes_on(billing, simulator):
    confirmed(billing)
    simulator.fault(http_500=True)
    with pytest.raises(Refused, match="provider_unavailable"):
        start(billing)
    simulator.fault()
    assert start(billing)["page_url"]


def test_a_purged_payment_expires_once_its_page_is_closed(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.fault(payment["id"], purge=True)
    assert state_of(billing, payment) == "checking"
    billing.clock.advance(minutes=16)
    assert state_of(billing, payment) == "expired"


def test_money_that_comes_after_the_hold_is_booked_and_a_lost_seat_is_given_back(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.fault(payment["id"], drop_notification=True)
    simulator.click(payment["page_url"], "pay")
    billing.clock.advance(minutes=26)
    billing.hear("hold_expired", FACTS | {"booking_id": "s-1-b"})
    assert state_of(billing, payment) == "paid"
    assert len(told(billing, "payment_settled")) == 1
    billing.hear("seat_lost", FACTS | {"booking_id": "s-1-b"})
    billing.hear("seat_lost", FACTS | {"booking_id": "s-1-b"})
    (note,) = billing.ana("list_credit_notes")["data"]
    assert (note["amount_cents"], note["reason"]) == (500, "seat_lost")
    assert billing.books.check() == []


def test_after_the_hold_nothing_can_be_paid_any_more(billing):
    confirmed(billing)
    billing.clock.advance(minutes=25)
    with pytest.raises(Refused, match="hold_expired"):
        start(billing)
    eventually(lambda: billing.store.settlements.overdue(billing.clock.now()) == [])
    with pytest.raises(Refused, match="nothing_due"):
        start(billing)


def test_a_payment_needs_an_address_that_family_may_have_told(billing):
    confirmed(billing)
    request = {"settlement_id": "s-1", "return_url": "http://x.example", "key": "k", "body_sha256": "0" * 64}
    with pytest.raises(Refused, match="email_missing"):
        billing.ana("start_payment", **request)
    contacts = [{"guardian_id": "g-1", "name": "Ana Roy", "email": "ana@example.org"}]
    billing.hear(
        "family_changed", {"family_id": FAMILY, "name": "Roy", "language": "fr", "contacts": contacts}
    )
    assert billing.ana("start_payment", **request)["payment"]["state"] == "redirected"
    with pytest.raises(Refused, match="idempotency_mismatch"):
        billing.ana("start_payment", **request | {"body_sha256": "1" * 64})


def test_another_family_s_payment_and_order_are_not_found(billing):
    confirmed(billing)
    payment = start(billing)
    stranger = person(organisation_id=ORGANISATION, account_id="eve", family_id="family-2")
    with pytest.raises(Refused, match="not_found"):
        billing.gateway.call("billing", "get_payment", stranger, {"payment_id": payment["id"]})
    request = {"settlement_id": "s-1", "return_url": "http://x.example", "key": "k", "body_sha256": "0" * 64}
    with pytest.raises(Refused, match="not_found"):
        billing.gateway.call("billing", "start_payment", stranger, request | {"email": "eve@example.org"})


def test_only_booking_may_settle_and_only_people_may_pay(billing):
    for method in ("quote", "settle"):
        with pytest.raises(Refused, match="forbidden"):
            billing.gateway.call("billing", method, ANA, {})
    with pytest.raises(Refused, match="forbidden"):
        billing.ask("start_payment")
    with pytest.raises(Refused, match="malformed"):
        billing.ana("get_payment", payment_id={"$ne": ""})


@pytest.mark.parametrize(
    "point",
    [
        "settle.before_commit",
        "settle.inside_commit",
        "settle.after_commit",
        "start_payment.before_commit",
        "start_payment.inside_commit",
        "start_payment.after_insert",
        "start_payment.after_provider",
        "record_payment.after_lookup",
        "record_payment.before_commit",
        "record_payment.inside_commit",
        "record_payment.after_commit",
    ],
)
def test_a_call_that_died_anywhere_is_repeated_and_has_one_effect(billing, simulator, point):
    failpoints.arm(f"billing.{point}=raise")
    try:
        _twice_if_needed(lambda: confirmed(billing))
        payment = _twice_if_needed(lambda: start(billing))
        simulator.click(payment["page_url"], "pay")
        _twice_if_needed(lambda: state_of(billing, payment))
    finally:
        failpoints.arm("")
    eventually(lambda: state_of(billing, payment) == "paid")
    assert len(told(billing, "payment_settled")) == 1
    assert billing.store.database["payments"].count_documents({}) == 1
    assert billing.books.check() == []


def _twice_if_needed(call):
    try:
        return call()
    except Failed:
        return call()


def test_two_pages_both_paid_are_two_receipts_one_booking_and_one_avoir(billing, simulator):
    confirmed(billing)
    first = start(billing)
    simulator.click(first["page_url"], "abandon")
    assert state_of(billing, first) == "abandoned"
    with pytest.raises(Refused, match="payment_page_open"):
        start(billing, key="key-2")
    billing.clock.advance(minutes=20)
    second = start(billing, key="key-2")
    for payment in (second, first):
        simulator.click(payment["page_url"], "pay")
    assert state_of(billing, second) == "paid"
    billing.hint(reference_of(billing, first))
    eventually(lambda: len(told(billing, "payment_settled")) == 2)
    receipts = [each["receipt_number"] for each in told(billing, "payment_settled")]
    assert receipts == ["R-LOISIRS-2026-000001", "R-LOISIRS-2026-000002"]
    assert [len(each["lines"]) for each in told(billing, "payment_settled")] == [1, 0]
    (note,) = billing.ana("list_credit_notes")["data"]
    assert (note["amount_cents"], note["reason"]) == (500, "not_needed")
    assert billing.books.check() == []


def test_part_of_an_order_cancelled_before_paying_leaves_the_rest_due_and_the_avoir_reserved(
    billing, simulator
):
    """Due 10.00 of one office with an avoir of 5.00 used; one of the lines is cancelled before it is paid."""
    confirmed(billing, "s-0")
    simulator.click(start(billing, "s-0", "key-0")["page_url"], "pay")
    assert state_of(billing, {"id": payment_id_of("key-0")}) == "paid"
    billing.hear("booking_cancelled", FACTS | {"booking_id": "s-0-b", "was": "accepted", "in_time": True})
    answer = confirmed(billing, "s-1", *(booking(line) for line in (1, 2, 3)))
    assert answer["offices"][0]["amount_due_cents"] == 1_000
    billing.hear("booking_cancelled", FACTS | {"booking_id": "b-3", "was": "held", "in_time": True})
    (due,) = billing.ana("list_settlements_due")["data"]
    assert (due["amount_due_cents"], due["offices"][0]["credits_used_cents"]) == (500, 500)
    payment = start(billing, "s-1")
    assert payment["amount_cents"] == 500
    simulator.click(payment["page_url"], "pay")
    assert state_of(billing, payment) == "paid"
    assert [len(each["lines"]) for each in told(billing, "payment_settled")] == [1, 2]
    assert billing.books.check() == []


def test_the_provider_s_slowness_is_told_as_its_own_and_keeps_nobody_from_reading(billing, simulator):
    names = [f"s-{number}" for number in range(4)]
    for name in names:
        confirmed(billing, name)
    payments = [start(billing, name, f"key-{name}") for name in names]
    confirmed(billing, "later")
    simulator.fault(latency_s=10)
    pool = eventlet.GreenPool(30)
    hints = [reference_of(billing, payment) for payment in payments] * 25
    told_of = [pool.spawn(billing.hint, reference) for reference in hints]
    reads = [pool.spawn(billing.ana, "list_credit_notes") for _ in range(50)]
    assert {each.wait()["state"] for each in told_of} == {"redirected"}
    assert [each.wait()["data"] for each in reads] == [[]] * 50
    with pytest.raises(Refused, match="provider_unavailable"):
        start(billing, "later")
    asked = [billing.store.attempts.get(SCOPE, payment["id"]).look_ups for payment in payments]
    assert max(asked) <= 1  # the clock stands still
