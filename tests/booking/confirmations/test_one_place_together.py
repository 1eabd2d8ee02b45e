"""Two parents and a payment at once, at hours that meet: the child is in one place all the same."""

from dataclasses import replace
from threading import Barrier

import pytest

from booking.basket.rules.overlaps import refuse_overlaps
from booking.confirmations.store import ChildrenBusyError, Turn
from booking.seats import store as seats_store
from booking.seats.model import Stamp
from chassis.testing import eventually
from chassis.values.errors import Refused
from tests.booking.basket.test_baskets import confirmation, line
from tests.booking.confirmations.test_confirming import MARTIN, MONDAY, ROY, at_once, paid, told
from tests.booking.conftest import an_id, movement
from tests.booking.memory import opened
from tests.booking.offer.test_attending import offer
from tests.booking.seats.both import DAY, START, TOWN, a_day, a_slot, an_order

MONDAYS = ("2026-11-16", "2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14")
NOW = Stamp(START)
PLACES = ("canteen", "picnic")


@pytest.fixture
def memory(mongo_database):
    """Two activities of one day at the same hours."""
    memory, noon = opened(mongo_database), a_slot()
    noon = replace(noon, ends_at=noon.starts_at.replace(hour=12))
    memory.seats.open_days([a_day(noon, name="canteen"), a_day(replace(noon, id="t"), name="picnic")], NOW)
    return memory


def looked_and_booked(seats, place, meanwhile=lambda: None):
    """Look where the child stands, and book it where it stands nowhere else."""
    slot = {"canteen": "s", "picnic": "t"}[place]
    order = an_order("léo", f"confirmation of {place}", slot=slot)
    wanted = line(child_id="léo", slot=slot, day=DAY, arrives_at="09:00", leaves_at="10:00")
    [checked] = refuse_overlaps((wanted,), offer(), seats.of_children(TOWN, ["léo"], (DAY, DAY)))
    meanwhile()
    if checked.answer is None:
        seats.apply([seats_store.book(TOWN, place, order, NOW)])


def stands_in(memory):
    return sorted(day.id for day in memory.seats.of_children(TOWN, ["léo"], (DAY, DAY)))


def test_looking_first_and_booking_then_puts_a_child_in_two_places(memory):
    both_have_looked = Barrier(2)
    at_once(
        *(
            lambda place=place: looked_and_booked(memory.seats, place, both_have_looked.wait)
            for place in PLACES
        )
    )
    assert stands_in(memory) == ["canteen", "picnic"], "the control must show the fault that ours has not"


def test_in_their_childrens_turn_two_who_book_at_once_see_each_other(memory):
    def book(place):
        for attempt in range(100):
            try:
                turn = Turn(f"{place} {attempt}", ["léo"])
                return memory.confirmations.in_turn(TOWN, turn, lambda seats: looked_and_booked(seats, place))
            except ChildrenBusyError:
                continue
        return None

    at_once(*(lambda place=place: book(place) for place in PLACES))
    assert len(stands_in(memory)) == 1


def test_no_turn_is_taken_while_a_confirmation_is_open_and_nothing_is_left_of_one(memory):
    asked = confirmation(line(child_id="léo"))
    assert memory.confirmations.begin(TOWN, asked)
    with pytest.raises(ChildrenBusyError):
        memory.confirmations.in_turn(TOWN, Turn("t", ["zoé", "léo"]), lambda _: pytest.fail("not alone"))
    memory.confirmations.in_turn(TOWN, Turn("t", ["zoé"]), lambda seats: looked_and_booked(seats, "picnic"))
    assert memory.confirmations.open_for(TOWN, ["zoé"]) is None
    assert stands_in(memory) == ["picnic"]


def test_what_breaks_in_a_turn_leaves_nothing_booked(memory):
    def work(seats):
        looked_and_booked(seats, "canteen")
        raise LookupError("broken")

    with pytest.raises(LookupError):
        memory.confirmations.in_turn(TOWN, Turn("t", ["léo"]), work)
    assert stands_in(memory) == []
    assert memory.confirmations.open_for(TOWN, ["léo"]) is None


def test_two_parents_who_confirm_hours_that_meet_at_once_get_one_place(booking):
    reviews = [
        (who, booking.confirming(booking.reviewed(who, *(movement("leo", name, day) for day in MONDAYS))))
        for who, name in ((ROY, "soir"), (MARTIN, "sport"))
    ]

    def confirm(who, asked):
        for _ in range(200):
            try:
                return booking.ask("confirm", who, **asked)["confirmation"]
            except Refused as refused:
                if refused.code != "confirmation_in_progress":
                    raise
        return None

    answers = at_once(*(lambda who=who, asked=asked: confirm(who, asked) for who, asked in reviews))
    got = [[each["verdict"] for each in answer["lines"]] for answer in answers]
    assert sorted(got) == [["accepted"] * 5, ["refused"] * 5]
    taken = booking.database.seats.find({"taken.child_id": an_id("child", "leo")}, {"day": 1})
    assert sorted(day["day"] for day in taken) == sorted(MONDAYS)


def test_a_payment_after_the_hold_finds_the_child_elsewhere_and_loses_the_seat(booking, clock):
    meal = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    booking.confirmed(ROY, movement("zoe", "soir", MONDAY))
    clock.advance(hours=1)
    assert eventually(lambda: "expired" in {state for _, state in booking.states(ROY)})
    # the evening has moved to the hours of the meal since
    hours = booking.database.seats.find_one({"gone.child_id": an_id("child", "zoe")})["slots"][0]
    moved = {f"slots.0.{name}": hours[name] for name in ("starts_at", "ends_at")}
    booking.database.seats.update_one({"taken.child_id": an_id("child", "zoe")}, {"$set": moved})
    paid(booking, meal["id"], meal["lines"][0]["booking_id"])
    assert eventually(lambda: len(told(booking, "seat_lost")) == 1)
    assert sorted(state for _, state in booking.states(ROY)) == ["accepted", "expired"]
