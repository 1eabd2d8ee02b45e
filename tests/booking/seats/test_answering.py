"""Answering all that families ask of staff on one day."""

from dataclasses import replace

import pytest

from booking.offer.model import Gauge
from booking.seats import rules
from booking.seats.model import SeatEvent, Stamp, Withdrawal
from booking.vocabulary import BookingState, DecisionMode
from tests.booking.seats.both import START, a_day, a_slot, an_order

pytestmark = pytest.mark.pure
NOW = Stamp(START, "request")


def asking(*children, places=1, waiting=1, mode=DecisionMode.ON_REQUEST):
    day = a_day(a_slot(waiting_max=waiting), gauges=(Gauge("places", places),))
    for child in children:
        day = rules.book(day, an_order(child, decision_mode=mode), NOW)
    return day


def seated(day, child):
    return rules.book(day, an_order(child), NOW)


def asked_to_leave(day, child):
    booking_id = f"confirmation of {child}/1"
    return rules.cancel(day, Withdrawal(booking_id, f"leaving of {child}", 1, on_request=True), NOW)


def states(day):
    everybody = (*day.taken, *day.waiting, *day.asked, *day.gone)
    return {entry.child_id: entry.state.value for entry in everybody}


def test_requests_are_granted_in_their_order_while_there_is_room_then_wait_then_are_refused():
    after = rules.answer_all(asking("Anna", "Bruno", "Chloe"), NOW, refuses=False)
    assert states(after) == {"Anna": "accepted", "Bruno": "waitlisted", "Chloe": "refused"}
    assert [event.name.value for event in after.events][3:] == [
        "booking_accepted",
        "booking_waitlisted",
        "booking_refused",
    ]


def test_what_is_granted_and_has_no_seat_or_is_to_be_paid_says_that_it_was_granted():
    day = asking("Anna", "Bruno")
    to_pay = tuple(replace(entry, promoted_hold_s=3600) for entry in day.asked)
    after = rules.answer_all(replace(day, asked=to_pay), NOW, refuses=False)
    held, waiting = after.events[-2:]
    assert held.name is SeatEvent.SEAT_PROMOTED
    assert (held.data["to"], held.data["how"]) == ("held", "granted")
    assert held.data["held_until"] == after.taken[0].held_until
    assert waiting.data == {"rank": 1, "how": "granted"}


def test_all_that_is_asked_for_a_day_may_be_refused():
    day = asked_to_leave(seated(asking("Bruno", places=2), "Anna"), "Anna")
    after = rules.answer_all(day, NOW, refuses=True)
    assert states(after) == {"Anna": "accepted", "Bruno": "refused"}


def test_a_cancellation_that_is_agreed_to_frees_the_seat_for_who_asks_for_one():
    day = asked_to_leave(seated(asking("Bruno"), "Anna"), "Anna")
    after = rules.answer_all(day, NOW, refuses=False)
    assert states(after) == {"Anna": "cancelled", "Bruno": "accepted"}
    (left,) = [entry for entry in after.gone if entry.child_id == "Anna"]
    assert (left.by_confirmation_id, left.by_line) == ("leaving of Anna", 1)


def test_what_a_draw_will_decide_is_left_to_it():
    day = asking("Anna", mode=DecisionMode.DEFERRED)
    assert rules.answer_all(day, NOW, refuses=False) == day
    assert rules.open_questions(day) == ()


def test_a_day_on_which_nobody_asks_is_left_as_it_is():
    day = seated(asking(), "Anna")
    assert rules.answer_all(day, NOW, refuses=True) == day


def test_answers_are_counted_by_how_those_who_asked_stand_now():
    before = seated(asking("Bruno", "Chloe", places=2, waiting=0), "Anna")
    after = rules.answer_all(before, NOW, refuses=False)
    assert rules.answers_given(before, after) == {BookingState.ACCEPTED: 1, BookingState.REFUSED: 1}
