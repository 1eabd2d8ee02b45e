"""Paying before: a week of days, an avoir that pays the next one."""

from chassis.testing.waiting import eventually
from tests.journeys.people import cents

CANTEEN = "Restauration scolaire"


def book_meals(family, count):
    """The child, its canteen and the confirmation of its last `count` days of the coming weeks."""
    [child, *_] = family.children()
    canteen = family.activity(CANTEEN)
    days = family.free_days(child, canteen)[-count:]
    return child, canteen, family.book(*(family.movement(child, canteen, day) for day in days))


def test_a_family_prepays_a_week_of_five_days_and_gets_a_receipt(family, mails):
    _, _, confirmation = book_meals(family, 5)
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
    child, canteen, confirmation = book_meals(family, 2)
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
    child, canteen, confirmation = book_meals(family, 2)
    family.pay(confirmation["id"])
    [first, *_] = confirmation["lines"]
    eventually(lambda: family.state(first["booking_id"]) == "accepted")
    [free, *_] = family.free_days(child, canteen)
    swap = family.review(
        family.movement(child, canteen, first["day"], "cancel"), family.movement(child, canteen, free)
    )
    assert swap["next"] == "ok"
    assert {line["verdict"] for line in family.confirm(swap)["lines"]} == {"cancelled", "accepted"}
