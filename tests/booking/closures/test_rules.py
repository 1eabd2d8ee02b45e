"""Which days a closing concerns, who leaves, and what each family is told of it."""

from dataclasses import replace
from datetime import date

import pytest

from booking.closures.model import Closing, ClosingState
from booking.closures.rules import by_family, closing_id_of, days_to_come
from booking.confirmations.rules.standing import record_of_line
from booking.offer.model import ClosureKind
from booking.seats import rules
from booking.seats.model import SeatEvent
from booking.vocabulary import BookingState, DecisionMode
from tests.booking.basket.test_baskets import confirmation, line
from tests.booking.seats.both import START, Alone, a_day, an_order

FIRST, LAST = date(2026, 12, 21), date(2026, 12, 23)
CLOSING = Closing("c", "town", "verne", FIRST, LAST, "Neige", ClosingState.CLOSING, 3, START)


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 12, 1), (FIRST, LAST)),
        (FIRST, (FIRST, LAST)),
        (date(2026, 12, 22), (date(2026, 12, 22), LAST)),
        (LAST, (LAST, LAST)),
        (date(2026, 12, 24), None),
    ],
)
def test_days_that_are_over_stay_as_they_were(today, days):
    assert days_to_come(CLOSING, today) == days


@pytest.mark.parametrize(
    ("state", "mark"),
    [
        (ClosingState.CLOSING, "c.3"),
        (ClosingState.CLOSED, "c.3"),
        (ClosingState.OPENING, "c.2"),
        (ClosingState.OPEN, "c.2"),
    ],
)
def test_an_opening_is_told_to_those_who_left_by_the_closing_before(state, mark):
    assert replace(CLOSING, state=state).mark == mark


def test_a_closing_is_shown_in_calendars_as_a_closure():
    shown = CLOSING.closure
    assert (shown.name, shown.kind, shown.centre_id) == ("Neige", ClosureKind.CLOSURE, "verne")


def test_the_same_days_of_a_centre_are_one_closing_and_those_of_all_centres_another():
    names = [closing_id_of("town", centre, (FIRST, LAST)) for centre in ("verne", "verne", None)]
    assert names[0] == names[1] != names[2]


def test_a_family_is_told_of_all_its_days_in_their_order():
    lines = (line(2, day=LAST), line(1, day=FIRST))
    late, early = (record_of_line(confirmation(*lines), one.booking_id) for one in lines)
    other = replace(late, id="b3", family_id="martin")
    told = by_family([(late, "held"), (early, "accepted"), (other, "waitlisted")], {"zoe": "Zoë Roy"})
    assert {family: [(one.day, one.was) for one in left] for family, left in told.items()} == {
        "roy": [(FIRST, "accepted"), (LAST, "held")],
        "martin": [(LAST, "waitlisted")],
    }
    assert {one.child_name for left in told.values() for one in left} == {"Zoë Roy"}


def test_whoever_stands_on_a_closed_day_leaves_as_if_in_time_whatever_the_deadline():
    day = Alone(a_day())
    for child, changes in (("paid", {}), ("waits", {}), ("asks", {"decision_mode": DecisionMode.ON_REQUEST})):
        day.book(an_order(child, **changes))
    day.later(days=5)  # the cancelling deadline has passed
    before = day.document
    after = rules.close(before, "snow.1", day.stamp)
    assert (after.taken, after.waiting, after.asked) == ((), (), ())
    assert {entry.child_id: entry.state for entry in after.gone} == dict.fromkeys(
        ("paid", "waits", "asks"), BookingState.CANCELLED
    )
    told = [
        (event.name, event.data["was"], event.data["in_time"]) for event in after.events[len(before.events) :]
    ]
    assert told == [
        (SeatEvent.BOOKING_CANCELLED, was, True) for was in ("accepted", "waitlisted", "requested")
    ]
    assert {event.data["closing_id"] for event in after.events[len(before.events) :]} == {"snow.1"}
    assert not any(slot.open for slot in after.slots)


def test_closing_a_day_twice_changes_nothing():
    day = Alone(a_day())
    day.book(an_order("paid"))
    once = rules.close(day.document, "snow.1", day.stamp)
    assert rules.close(once, "snow.1", day.stamp) == once
