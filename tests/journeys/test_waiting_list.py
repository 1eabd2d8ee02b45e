"""Two families and one seat."""

import time

from chassis.testing.waiting import eventually

WORKSHOP = "Atelier 1 place"
SPORT = "Sport du soir"
PROMOTED_WITHIN_S = 1.0


def test_two_families_on_the_last_seat_one_gets_it_and_the_other_is_first_in_line(
    family, other_family, mails
):
    [child, *_], [rival, *_] = family.children(), other_family.children()
    workshop = family.activity(WORKSHOP)
    day = family.days(child, workshop)[-4]["day"]
    mine = family.book(family.movement(child, workshop, day))
    theirs = other_family.book(other_family.movement(rival, workshop, day))
    [won], [waits] = mine["lines"], theirs["lines"]
    assert won["verdict"] == "held"
    assert (waits["verdict"], waits["rank"]) == ("waitlisted", 1)
    family.pay(mine["id"])
    eventually(lambda: family.state(won["booking_id"]) == "accepted")

    freed = time.monotonic()
    family.cancel(won["booking_id"])
    eventually(lambda: other_family.state(waits["booking_id"]) == "held")
    eventually(lambda: any("place s'est libérée" in mail["subject"] for mail in mails(other_family.login)))
    assert time.monotonic() - freed < PROMOTED_WITHIN_S * 3  # the loaded machine's share; bench/ measures it

    settlement = other_family.get("/settlements/due")["data"][0]
    other_family.pay(settlement["settlement_id"])
    eventually(lambda: other_family.state(waits["booking_id"]) == "accepted")


def test_a_family_leaves_the_waiting_list_and_the_next_one_moves_up(stack, households, family, other_family):
    [child, *_], [rival, *_] = family.children(), other_family.children()
    workshop = family.activity(WORKSHOP)
    day = family.days(child, workshop)[-5]["day"]
    family.book(family.movement(child, workshop, day))
    [second] = other_family.book(other_family.movement(rival, workshop, day))["lines"]
    assert second["verdict"] == "waitlisted"
    [left] = other_family.cancel(second["booking_id"])["lines"]
    assert left["verdict"] == "cancelled"
    eventually(lambda: other_family.state(second["booking_id"]) == "cancelled")
    assert day in [each["day"] for each in other_family.days(rival, workshop, "waiting_open")]
