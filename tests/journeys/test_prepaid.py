"""Paying before: a week of days, an avoir that pays the next one, a hold that runs out."""

from chassis.testing.waiting import eventually
from tests.journeys.people import cents

WORKSHOP = "Atelier 1 place"
CANTEEN = "Restauration scolaire"
WEDNESDAY = "6-11 ans, mercredi"


def settled_week(family):
    [child, *_] = family.children()
    canteen = family.activity(CANTEEN)
    days = family.free_days(child, canteen)[-5:]
    return child, canteen, family.book(*(family.movement(child, canteen, day) for day in days))


def test_a_family_prepays_a_week_of_five_days_and_gets_a_receipt(family, mails):
    _, _, confirmation = settled_week(family)
    assert [line["verdict"] for line in confirmation["lines"]] == ["held"] * 5
    assert confirmation["payment"]["state"] == "due"
    due = cents(confirmation["payment"]["amount_due"])
    assert due == sum(cents(line["cost"]) for line in confirmation["lines"]) > 0

    payment = family.pay(confirmation["id"])
    eventually(lambda: family.payment(payment["id"])["state"] == "paid")
    receipt = family.payment(payment["id"])["receipt_number"]
    eventually(
        lambda: {family.state(line["booking_id"]) for line in confirmation["lines"]} == {"accepted"},
    )
    eventually(lambda: any(receipt in mail["subject"] for mail in mails(family.login)))


def test_the_avoir_of_a_cancellation_in_time_pays_the_next_booking_with_ok_and_no_payment(family):
    child, canteen, confirmation = settled_week(family)
    family.pay(confirmation["id"])
    [first, *_] = confirmation["lines"]
    eventually(lambda: family.state(first["booking_id"]) == "accepted")

    cancelled = family.cancel(first["booking_id"])
    assert [line["verdict"] for line in cancelled["lines"]] == ["cancelled"]
    eventually(
        lambda: [cents(n["left"]) for n in family.get("/credit-notes")["data"]] == [cents(first["cost"])]
    )

    # the calendar knows at once that the day is free again; the list of bookings hears of it
    assert first["day"] in [day["day"] for day in family.days(child, canteen)]
    review = family.review(family.movement(child, canteen, first["day"]))
    assert review["next"] == "ok"
    assert cents(review["totals"]["amount_due"]) == 0
    again = family.confirm(review)
    assert again["payment"]["state"] == "settled"
    assert [line["verdict"] for line in again["lines"]] == ["accepted"]
    assert [cents(note["left"]) for note in family.get("/credit-notes")["data"]] == [0]


def test_one_basket_pays_its_bookings_with_the_avoirs_of_its_own_cancellations(family):
    child, canteen, confirmation = settled_week(family)
    family.pay(confirmation["id"])
    [first, *_] = confirmation["lines"]
    eventually(lambda: family.state(first["booking_id"]) == "accepted")
    [free, *_] = family.free_days(child, canteen)
    swap = family.review(
        family.movement(child, canteen, first["day"], "cancel"), family.movement(child, canteen, free)
    )
    assert swap["next"] == "ok"
    assert {line["verdict"] for line in family.confirm(swap)["lines"]} == {"cancelled", "accepted"}


def test_a_hold_that_is_not_paid_frees_its_seat(stack, seats, family):
    [child, *_] = family.children()
    workshop = family.activity(WORKSHOP)
    stack.restart("booking", {"BOOKING_HOLD_S": "2"})
    try:
        day = seats.claim(workshop, (family, child))
        [line] = family.book(family.movement(child, workshop, day))["lines"]
        assert line["verdict"] == "held"
        assert [each["day"] for each in family.days(child, workshop, "booked")].count(day) == 1
        eventually(lambda: family.state(line["booking_id"]) == "expired", timeout_s=10)
        assert day in [each["day"] for each in family.days(child, workshop, "open")]
    finally:
        stack.restart("booking")


def test_a_payment_that_arrives_after_the_hold_expired_is_not_lost(stack, seats, family, other_family):
    [child, *_] = family.children()
    [rival, *_] = other_family.children()
    workshop = family.activity(WORKSHOP)
    stack.restart("booking", {"BOOKING_HOLD_S": "3"})
    try:
        day = seats.claim(workshop, (family, child), (other_family, rival))
        confirmation = family.book(family.movement(child, workshop, day))
        [line] = confirmation["lines"]
        page = family.start_payment(confirmation["id"])["page_url"]
        eventually(lambda: family.state(line["booking_id"]) == "expired", timeout_s=10)
    finally:
        stack.restart("booking")
    [taken] = other_family.book(other_family.movement(rival, workshop, day))["lines"]
    assert taken["verdict"] == "held"
    family.http.post(page, {"choice": "pay"}, timeout=10, allow_redirects=False)
    eventually(
        lambda: (
            sum(cents(note["left"]) for note in family.get("/credit-notes")["data"]) == cents(line["cost"])
        ),
        timeout_s=15,
    )
    assert family.state(line["booking_id"]) == "expired"


def test_the_same_confirmation_sent_twice_has_one_effect_and_one_answer_even_after_its_hold_expired(
    stack, seats, family
):
    [child, *_] = family.children()
    workshop = family.activity(WORKSHOP)
    stack.restart("booking", {"BOOKING_HOLD_S": "2"})
    try:
        day = seats.claim(workshop, (family, child))
        review = family.review(family.movement(child, workshop, day))
        first = family.confirm(review, key="twice")
        assert family.confirm(review, key="twice") == first
        [line] = first["lines"]
        eventually(lambda: family.state(line["booking_id"]) == "expired", timeout_s=10)
        assert family.confirm(review, key="twice") == first
        assert len([b for b in family.bookings() if b["day"] == day]) == 1
    finally:
        stack.restart("booking")
