"""Two families and one seat."""

from chassis.testing.waiting import eventually
from tests.journeys.people import Person

WORKSHOP = "Atelier 1 place"


def test_two_families_on_the_last_seat_one_gets_it_and_the_other_is_first_in_line(
    seats, family, other_family, mails
):
    [child, *_], [rival, *_] = family.children(), other_family.children()
    workshop = family.activity(WORKSHOP)
    day = seats.claim(workshop, (family, child), (other_family, rival))
    mine = family.book(family.movement(child, workshop, day))
    theirs = other_family.book(other_family.movement(rival, workshop, day))
    [won], [waits] = mine["lines"], theirs["lines"]
    assert won["verdict"] == "held"
    assert (waits["verdict"], waits["rank"]) == ("waitlisted", 1)
    family.pay(mine["id"])
    eventually(lambda: family.state(won["booking_id"]) == "accepted")

    family.cancel(won["booking_id"])
    eventually(lambda: other_family.state(waits["booking_id"]) == "held")
    eventually(lambda: any("est libérée" in mail["subject"] for mail in mails(other_family.login)))

    settlement = other_family.get("/settlements/due")["data"][0]
    other_family.pay(settlement["settlement_id"])
    eventually(lambda: other_family.state(waits["booking_id"]) == "accepted")


def test_a_family_leaves_the_waiting_list_and_the_next_one_moves_up(
    stack, seats, households, family, other_family
):
    third_family = Person.logged_in(stack.gateway_url, next(households).guardians[0].email)
    [child, *_], [rival, *_], [third, *_] = (each.children() for each in (family, other_family, third_family))
    workshop = family.activity(WORKSHOP)
    day = seats.claim(workshop, (family, child), (other_family, rival), (third_family, third))
    [first] = family.book(family.movement(child, workshop, day))["lines"]
    [second] = other_family.book(other_family.movement(rival, workshop, day))["lines"]
    [last] = third_family.book(third_family.movement(third, workshop, day))["lines"]
    assert [each["verdict"] for each in (first, second, last)] == ["held", "waitlisted", "waitlisted"]
    assert (second["rank"], last["rank"]) == (1, 2)

    [left] = other_family.cancel(second["booking_id"])["lines"]
    assert left["verdict"] == "cancelled"
    eventually(lambda: other_family.state(second["booking_id"]) == "cancelled")
    eventually(lambda: third_family.booking(last["booking_id"])["rank"] == 1)
    assert day in [each["day"] for each in other_family.days(rival, workshop, "waiting_open")]
