"""A child is in one place at a time, whatever changed since the booking: what stands in the seats counts."""

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from booking.basket.model import BasketState
from booking.confirmations.store import ChildrenBusyError
from booking.copies.model import Enrolment
from booking.offer.model import DaysOff, OpeningPattern, PartOfDay
from booking.seats.model import Stamp
from booking.seats.rules.opening import seats_of_day
from booking.vocabulary import Action, BookingState, DayPart, DecisionMode
from tests.booking.confirmations.test_doors import paid
from tests.booking.small_town import MARTIN, MONDAY, ROY, booking_id_of, confirmed, movement, reviewed

EARLIER = PartOfDay(DayPart.EVENING, time(15), time(16, 45))


def answer_of(confirmation):
    line = confirmation["lines"][0]
    return line["verdict"], line["reason"]


def offered(town, activity_id, **changes):
    """Change what is offered; the seats of the day stay as they are until they are opened again."""
    offer = town.offers.offer
    changed = replace(offer.activities[activity_id], **changes)
    town.offers.offer = replace(offer, activities={**offer.activities, activity_id: changed})


def opened_again(town, activity_id):
    activity = town.offers.offer.activities[activity_id]
    day = seats_of_day(activity, "verne", (MONDAY, None), DaysOff(), ZoneInfo("Europe/Paris"))
    town.seats.reshape(day, Stamp(town.clock.now()))


def enrolled(town, state):
    offered(town, "evening", needs_enrolment=True)
    town.children.keep_enrolment(None, "zoe", "e", Enrolment("evening", "2026-2027", state), 1)


def withdraw_the_enrolment(town):
    enrolled(town, "refused")


def correct_the_birth_date(town):
    offered(town, "evening", age_min=3, age_max=11)
    town.children.kept["zoe"] = replace(town.children.kept["zoe"], birth_on=None)
    offered(town, "sport", age_min=None, age_max=None)


def open_on_other_weekdays(town):
    offered(town, "evening", pattern=OpeningPattern(frozenset({2})))


def open_no_longer(town):
    offered(town, "evening", pattern=OpeningPattern(frozenset({1}), ends_on=date(2026, 11, 1)))


def offer_other_hours_from_now_on(town):
    offered(town, "evening", parts=(replace(EARLIER, leaves=time(16)),))


def offer_the_morning_instead(town):
    offered(town, "evening", parts=(PartOfDay(DayPart.MORNING, time(7), time(8)),))
    opened_again(town, "evening")


def take_it_out_of_the_offer(town):
    offer = town.offers.offer
    activities = {name: each for name, each in offer.activities.items() if name != "evening"}
    town.offers.offer = replace(offer, activities=activities)


def move_it_to_a_centre_without_a_period(town):
    offered(town, "evening", centre_ids=("elsewhere",))


@pytest.mark.parametrize(
    "change",
    [
        withdraw_the_enrolment,
        correct_the_birth_date,
        open_on_other_weekdays,
        open_no_longer,
        offer_other_hours_from_now_on,
        offer_the_morning_instead,
        take_it_out_of_the_offer,
        move_it_to_a_centre_without_a_period,
    ],
)
def test_a_booking_that_stands_takes_its_hours_whatever_the_child_may_attend_today(town, change):
    enrolled(town, "accepted")
    assert answer_of(confirmed(town, ROY, movement("zoe", "evening"))) == ("accepted", None)
    change(town)
    shown = reviewed(town, ROY, movement("zoe", "sport"))["bookings"][0]
    assert (shown["expected"], shown["reason"]) == ("refused", "overlap")
    assert answer_of(confirmed(town, ROY, movement("zoe", "sport"), key="2")) == ("refused", "overlap")


def test_hours_that_the_seats_have_taken_over_count_from_then_on(town):
    confirmed(town, ROY, movement("zoe", "evening"))
    offered(town, "evening", parts=(EARLIER,))
    opened_again(town, "evening")
    assert answer_of(confirmed(town, ROY, movement("zoe", "sport"), key="2")) == ("accepted", None)


def test_the_other_parents_booking_takes_the_hours_and_is_not_named(town):
    confirmed(town, MARTIN, movement("leo", "evening"))
    answer = confirmed(town, ROY, movement("leo", "sport"), key="2")
    assert answer_of(answer) == ("refused", "overlap")
    assert "evening" not in str(answer).replace(str(DayPart.EVENING), "").lower().replace("martin", "?")


def test_a_booking_under_another_id_of_the_family_takes_the_hours(town):
    confirmed(town, ROY, movement("zoe", "evening"))
    town.children.kept["zoe"] = replace(town.children.kept["zoe"], family_ids=("martin",))
    assert answer_of(confirmed(town, MARTIN, movement("zoe", "sport"), key="2")) == ("refused", "overlap")


def test_who_waits_is_promised_to_those_hours(town):
    for child, family in (("max", MARTIN), ("leo", MARTIN)):
        confirmed(town, family, movement(child, "evening"), key=child)
    waiting = confirmed(town, ROY, movement("zoe", "evening"))
    assert answer_of(waiting) == ("waitlisted", None)
    assert answer_of(confirmed(town, ROY, movement("zoe", "sport"), key="2")) == ("refused", "overlap")


def test_who_has_asked_may_be_granted_those_hours(town):
    offered(town, "evening", decision_mode=DecisionMode.ON_REQUEST)
    assert answer_of(confirmed(town, ROY, movement("zoe", "evening"))) == ("requested", None)
    assert answer_of(confirmed(town, ROY, movement("zoe", "sport"), key="2")) == ("refused", "overlap")


def test_what_the_basket_gives_back_first_is_free_again(town):
    confirmed(town, ROY, movement("zoe", "evening"))
    swap = (movement("zoe", "evening", Action.CANCEL), movement("zoe", "sport"))
    verdicts = [line["verdict"] for line in confirmed(town, ROY, *swap, key="2")["lines"]]
    assert verdicts == ["cancelled", "accepted"]


@pytest.fixture
def paid_too_late(town):
    """Zoé's meal, whose hold has ended, and a picnic at the same hours."""
    picnic = replace(town.offer.activities["sport"], id="picnic", parts=town.offer.activities["meal"].parts)
    town.offers.offer = replace(town.offer, activities={**town.offer.activities, "picnic": picnic})
    day = seats_of_day(picnic, "verne", (MONDAY, None), DaysOff(), ZoneInfo("Europe/Paris"))
    town.seats.open(day, Stamp(town.clock.now()))
    meal = confirmed(town, ROY, movement("zoe", "meal"))
    town.clock.advance(hours=1)
    town.seats.tick(town.clock.now())
    return meal


def state_of(town, confirmation):
    return town.bookings.all()[booking_id_of(confirmation)].state


def test_a_late_payment_takes_the_seat_again_where_the_child_is_nowhere_else(town, paid_too_late):
    paid(town, paid_too_late["id"], booking_id_of(paid_too_late))
    assert state_of(town, paid_too_late) is BookingState.ACCEPTED


def test_a_late_payment_loses_the_seat_where_the_child_stands_elsewhere_by_now(town, paid_too_late):
    picnic = replace(movement("zoe", "meal"), activity_id="picnic")
    assert answer_of(confirmed(town, ROY, picnic, key="2")) == ("accepted", None)
    paid(town, paid_too_late["id"], booking_id_of(paid_too_late))
    assert state_of(town, paid_too_late) is BookingState.EXPIRED
    told = [event.name for day in town.seats.days.values() for event in day.events]
    assert told.count("seat_lost") == 1


def test_a_late_payment_waits_while_the_child_is_being_confirmed(town, paid_too_late):
    answered = town.confirmations.kept[paid_too_late["id"]]
    town.confirmations.kept["open"] = replace(answered, id="open", state=BasketState.CONFIRMING)
    with pytest.raises(ChildrenBusyError):
        paid(town, paid_too_late["id"], booking_id_of(paid_too_late))
    del town.confirmations.kept["open"]
    paid(town, paid_too_late["id"], booking_id_of(paid_too_late))
    assert state_of(town, paid_too_late) is BookingState.ACCEPTED
