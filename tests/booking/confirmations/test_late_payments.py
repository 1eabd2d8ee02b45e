"""Payments that come late, twice, or in pieces: the money is never lost, no seat comes back by mistake."""

import pytest

from booking.bookings.rules import standing_after
from booking.seats.model import SeatEvent
from booking.vocabulary import BookingState
from chassis.running.failpoints import arm
from chassis.testing import eventually
from chassis.values.errors import Failed
from tests.booking.confirmations.test_confirming import MARTIN, MONDAY, ROY, TUESDAY, paid, told
from tests.booking.conftest import movement


def seats_taken(booking):
    return sum(len(day["taken"]) for day in booking.database.seats.find())


def payment_now(booking, confirmation):
    found = booking.ask("get_confirmation", ROY, confirmation_id=confirmation["id"])["confirmation"]
    return found["payment"]["state"], found["payment"]["amount_due_cents"]


def test_a_payment_for_a_held_seat_that_was_given_back_an_hour_ago_takes_no_seat(booking, clock):
    confirmation = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    booking_id = confirmation["lines"][0]["booking_id"]
    booking.cancelled(ROY, booking_id)
    assert eventually(lambda: booking.states(ROY) == [(MONDAY, "cancelled")])
    clock.advance(hours=1)
    for _ in range(2):
        paid(booking, confirmation["id"], booking_id)
        eventually(lambda: len(told(booking, "seat_lost")) == 1)
    assert seats_taken(booking) == 0
    assert booking.states(ROY) == [(MONDAY, "cancelled")]
    assert len(told(booking, "seat_lost")) == 1


def test_a_payment_told_again_long_after_its_booking_was_given_back_changes_nothing(booking, clock):
    confirmation = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    booking_id = confirmation["lines"][0]["booking_id"]
    paid(booking, confirmation["id"], booking_id)
    booking.cancelled(ROY, booking_id)
    assert eventually(lambda: booking.states(ROY) == [(MONDAY, "cancelled")])
    for _ in range(2):
        paid(booking, confirmation["id"], booking_id)
        clock.advance(hours=1)
    assert seats_taken(booking) == 0
    # A lost seat would be credited, even where it was given back too late for that.
    assert booking.database.seats.count_documents({"events.name": "seat_lost"}) == 0
    assert told(booking, "seat_lost") == []
    assert booking.states(ROY) == [(MONDAY, "cancelled")]


def test_a_seat_that_was_lost_stays_lost_when_its_payment_is_told_again(booking, clock):
    confirmation = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    other = booking.confirmed(MARTIN, movement("max", "repas", MONDAY))
    clock.advance(hours=1)
    assert eventually(lambda: booking.states(MARTIN) == [(MONDAY, "held")])
    booking_id = confirmation["lines"][0]["booking_id"]
    paid(booking, confirmation["id"], booking_id)
    assert eventually(lambda: len(told(booking, "seat_lost")) == 1)
    booking.cancelled(MARTIN, other["lines"][0]["booking_id"])
    clock.advance(hours=1)
    paid(booking, confirmation["id"], booking_id)
    assert seats_taken(booking) == 0
    assert booking.states(ROY) == [(MONDAY, "expired")]
    assert len(told(booking, "seat_lost")) == 1


def test_two_payments_of_one_basket_heard_together_settle_it(booking):
    confirmation = booking.confirmed(ROY, movement("zoe", "repas", MONDAY), movement("zoe", "repas", TUESDAY))
    for line in confirmation["lines"]:
        paid(booking, confirmation["id"], line["booking_id"])
    assert payment_now(booking, confirmation)[0] == "settled"


def test_what_is_not_paid_in_time_is_not_due_any_more(booking, clock):
    confirmation = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    assert payment_now(booking, confirmation) == ("due", 376)
    clock.advance(seconds=1501)
    assert eventually(lambda: booking.states(ROY) == [(MONDAY, "expired")])
    assert payment_now(booking, confirmation) == ("none", 0)


def test_a_booking_that_was_given_back_stays_so_when_its_payment_finds_no_seat():
    lost = SeatEvent.SEAT_LOST
    assert standing_after(lost, {}, BookingState.CANCELLED).state is BookingState.CANCELLED
    assert standing_after(lost, {}, BookingState.REFUSED).state is BookingState.REFUSED
    assert standing_after(lost, {}, BookingState.EXPIRED).state is BookingState.EXPIRED
    assert standing_after(lost, {}, None).state is BookingState.EXPIRED


def test_a_day_that_cannot_be_read_keeps_nothing_else_from_being_swept(booking, clock):
    booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    held = {"day": MONDAY, "taken.0": {"$exists": True}}
    booking.database.seats.update_one(held, {"$set": {"gauges": "broken"}})
    arm("booking.confirm.after_begin=raise")
    left_alone = booking.confirming(booking.reviewed(ROY, movement("zoe", "soir", TUESDAY)))
    with pytest.raises(Failed):
        booking.ask("confirm", ROY, **left_alone)
    clock.advance(seconds=1501)
    left = {"state": "open"}
    assert eventually(lambda: booking.database.confirmations.count_documents(left) == 0)
