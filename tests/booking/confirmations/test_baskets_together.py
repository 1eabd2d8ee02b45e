"""Lines of one basket that stand in each other's way or make room, and children of two families."""

from dataclasses import replace
from datetime import date, timedelta

from booking.basket.rules.prices import is_quoted
from booking.confirmations.rules.orders import Holding, answered
from booking.confirmations.rules.payments import credited
from booking.offer.model import Afterwards
from booking.seats.model import SeatEntry, SeatsDocument, Slot
from booking.vocabulary import Action, BookingState, ChargingMode, DayPart, Verdict
from chassis.testing import eventually
from tests.booking.basket.test_baskets import confirmation, line
from tests.booking.confirmations.test_confirming import MARTIN, MONDAY, ROY, TUESDAY, paid, verdicts
from tests.booking.conftest import NOW, movement


def expected(lines):
    return [(each["expected"], each["reason"], each["rank"]) for each in lines]


def test_siblings_on_the_last_seat_are_shown_one_held_and_one_waiting_and_pay_for_one(booking):
    review = booking.reviewed(ROY, movement("zoe", "repas", MONDAY), movement("leo", "repas", MONDAY))
    assert expected(review["bookings"]) == [("held", None, None), ("waitlisted", None, 1)]
    assert review["totals"]["amount_due_cents"] == 376
    answer = booking.ask("confirm", ROY, **booking.confirming(review))["confirmation"]
    assert verdicts(answer) == [("held", None), ("waitlisted", 1)]


def test_siblings_on_the_last_places_of_a_queue_are_ranked_and_the_last_is_refused(booking):
    booking.confirmed(MARTIN, movement("max", "repas", MONDAY))
    booking.confirmed(MARTIN, movement("leo", "repas", MONDAY))
    review = booking.reviewed(ROY, movement("zoe", "repas", MONDAY))
    assert expected(review["bookings"]) == [("waitlisted", None, 2)]


def test_a_seat_that_the_basket_gives_back_is_free_for_the_sibling(booking):
    first = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    paid(booking, first["id"], first["lines"][0]["booking_id"])
    review = booking.reviewed(
        ROY, movement("zoe", "repas", MONDAY, "cancel"), movement("leo", "repas", MONDAY)
    )
    assert expected(review["cancellations"]) == [("cancelled", None, None)]
    assert expected(review["bookings"]) == [("held", None, None)]
    answer = booking.ask("confirm", ROY, **booking.confirming(review))["confirmation"]
    assert verdicts(answer) == [("cancelled", None), ("held", None)]


def test_a_seat_that_the_basket_gives_back_goes_to_who_waits_first(booking):
    booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    booking.confirmed(MARTIN, movement("max", "repas", MONDAY))
    review = booking.reviewed(
        ROY, movement("zoe", "repas", MONDAY, "cancel"), movement("leo", "repas", MONDAY)
    )
    assert expected(review["bookings"]) == [("waitlisted", None, 1)]
    answer = booking.ask("confirm", ROY, **booking.confirming(review))["confirmation"]
    assert verdicts(answer) == [("cancelled", None), ("waitlisted", 1)]
    assert eventually(lambda: booking.states(MARTIN) == [(MONDAY, "held")])


def test_what_cannot_be_given_back_any_more_still_stands_in_the_way(booking, billing, clock):
    billing.expires_at += timedelta(days=5)
    booking.confirmed(ROY, movement("zoe", "soir", MONDAY))
    basket = (movement("zoe", "soir", MONDAY, "cancel"), movement("zoe", "sport", MONDAY))
    clock.set("2026-11-13T07:50:00Z")
    in_time = booking.reviewed(ROY, *basket)
    assert expected(in_time["bookings"]) == [("accepted", None, None)]
    clock.set("2026-11-13T08:00:00Z")
    answer = booking.ask("confirm", ROY, **booking.confirming(in_time))["confirmation"]
    assert [each["reason"] for each in answer["lines"]] == ["past_deadline", "overlap"]
    late = booking.reviewed(ROY, *basket)
    assert expected(late["cancellations"]) == [("refused", "past_deadline", None)]
    assert expected(late["bookings"]) == [("refused", "overlap", None)]


def test_what_had_no_price_at_the_review_is_not_booked_at_the_confirmation(booking, clock, billing):
    clock.set("2026-11-30T22:50:00Z")  # ten minutes before the second period opens
    review = booking.reviewed(ROY, movement("zoe", "repas", "2027-01-05"))
    assert expected(review["bookings"]) == [("refused", "not_open", None)]
    clock.set("2026-11-30T23:05:00Z")
    answer = booking.ask("confirm", ROY, **booking.confirming(review))["confirmation"]
    assert [each["reason"] for each in answer["lines"]] == ["not_open"]
    assert billing.settled == []


def test_one_family_does_not_give_back_what_the_childs_other_family_has_booked(booking):
    booking.confirmed(MARTIN, movement("leo", "soir", MONDAY))
    asked = {"child_ids": [movement("leo", "soir", MONDAY)["child_id"]], "from_on": MONDAY, "to_on": MONDAY}
    activity = movement("leo", "soir", MONDAY)["activity_id"]
    seen = {
        name: booking.ask("get_calendar", context, activity_id=activity, **asked)["series"][0]["days"][0]
        for name, context in (("martin", MARTIN), ("roy", ROY))
    }
    assert (seen["martin"]["state"], seen["roy"]["state"]) == ("booked", "booked_locked")
    assert seen["roy"]["booking_id"] is None
    review = booking.reviewed(ROY, movement("leo", "soir", MONDAY, "cancel"))
    assert expected(review["cancellations"]) == [("refused", "not_booked", None)]
    answer = booking.ask("confirm", ROY, **booking.confirming(review))["confirmation"]
    assert [each["reason"] for each in answer["lines"]] == ["not_booked"]
    assert eventually(lambda: booking.states(MARTIN) == [(MONDAY, "accepted")])
    duplicate = booking.confirmed(ROY, movement("leo", "soir", MONDAY), movement("leo", "soir", TUESDAY))
    assert [each["reason"] for each in duplicate["lines"]] == ["duplicate", None]


def test_a_cancellation_that_is_taken_after_its_deadline_gives_nothing_back():
    slot = Slot(
        "s",
        "a",
        "c",
        DayPart.NOON,
        (),
        NOW,
        cancelling_closes_at=NOW,
        cancelling_afterwards=Afterwards.SURCHARGE,
    )
    prepaid = {"action": Action.CANCEL, "charging_mode": ChargingMode.PREPAID, "booking_id": "b1"}
    for gone_at, given_back in ((NOW - timedelta(minutes=1), ["b1"]), (NOW, [])):
        left = SeatEntry("b1", "s", "zoe", "earlier", 1, state=BookingState.CANCELLED, gone_at=gone_at)
        left = replace(left, by_confirmation_id="c", by_line=1)
        document = SeatsDocument("s", "town", "p", date(2026, 11, 16), slots=(slot,), gone=(left,))
        asked = confirmation(line(**prepaid))
        done = answered(asked, {"s": document}, Holding(1, 1), NOW)
        assert done.lines[0].answer.verdict is Verdict.CANCELLED
        assert [one.booking_id for one in credited(done.lines)] == given_back
        assert is_quoted(done.lines[0]) is bool(given_back)
