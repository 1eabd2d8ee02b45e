"""A hold that runs out: its seat is free again, its money is not lost, and nothing happens twice."""

import pytest

from chassis.testing.waiting import eventually
from tests.journeys.people import TIMEOUT_S, cents

WORKSHOP = "Atelier 1 place"
HOLD_S = 3


@pytest.fixture(scope="module", autouse=True)
def short_holds(stack):
    """Booking holds seats for a few seconds only while these journeys run."""
    stack.restart("booking", {"BOOKING_HOLD_S": str(HOLD_S)})
    yield
    stack.restart("booking")


def expired(family, line):
    eventually(lambda: family.state(line["booking_id"]) == "expired")
    return True


def test_a_hold_that_is_not_paid_frees_its_seat(seats, family):
    [child, *_] = family.children()
    workshop = family.activity(WORKSHOP)
    day = seats.claim(workshop, (family, child))
    [line] = family.book(family.movement(child, workshop, day))["lines"]
    assert line["verdict"] == "held"
    assert [each["day"] for each in family.days(child, workshop, "booked")].count(day) == 1
    assert expired(family, line)
    assert day in [each["day"] for each in family.days(child, workshop, "open")]


def test_a_payment_that_arrives_after_the_hold_expired_is_not_lost(seats, family, other_family):
    [child, *_], [rival, *_] = family.children(), other_family.children()
    workshop = family.activity(WORKSHOP)
    day = seats.claim(workshop, (family, child), (other_family, rival))
    confirmation = family.book(family.movement(child, workshop, day))
    [line] = confirmation["lines"]
    page = family.start_payment(confirmation["id"])["page_url"]
    assert expired(family, line)
    taken = other_family.book(other_family.movement(rival, workshop, day))
    assert [each["verdict"] for each in taken["lines"]] == ["held"]
    other_family.pay(taken["id"])  # for good: a hold of its own might be over before the late money is found
    eventually(lambda: other_family.state(taken["lines"][0]["booking_id"]) == "accepted")
    family.http.post(page, {"choice": "pay"}, timeout=TIMEOUT_S, allow_redirects=False)
    eventually(
        lambda: (
            sum(cents(note["left"]) for note in family.get("/credit-notes")["data"]) == cents(line["cost"])
        ),
    )
    assert family.state(line["booking_id"]) == "expired"


def test_the_same_confirmation_sent_twice_has_one_effect_and_one_answer_even_after_its_hold_expired(
    seats, family
):
    [child, *_] = family.children()
    workshop = family.activity(WORKSHOP)
    day = seats.claim(workshop, (family, child))
    review = family.review(family.movement(child, workshop, day))
    first = family.confirm(review, key="twice")
    assert family.confirm(review, key="twice") == first
    [line] = first["lines"]
    assert expired(family, line)
    assert family.confirm(review, key="twice") == first
    made = [each for each in family.bookings(child=child["id"]) if each["activity_id"] == workshop["id"]]
    assert [each["day"] for each in made].count(day) == 1
