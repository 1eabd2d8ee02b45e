"""What the metrics page says of seats and confirmations, on a day that was lived."""

from datetime import timedelta

import pytest

from booking.basket.model import BASKET, BasketAct
from tests.booking.conftest import NOW, movement, of_family

(OPEN,) = BASKET.sources(BasketAct.ANSWER)
MONDAY, TUESDAY = "2026-11-16", "2026-11-17"
ROY, MARTIN = of_family("roy"), of_family("martin")


@pytest.fixture
def shown(booking):
    """What the gauges show so many seconds after the tests' instant."""

    def read(seconds=0):
        now = NOW + timedelta(seconds=seconds)
        readings = [
            *booking.store.seats.read_gauges(now),
            *booking.store.openconfirmations.read_gauges(now),
        ]
        return {reading.gauge.name.removeprefix("marelle_"): reading.value for reading in readings}

    return read


def test_where_nobody_books_everything_is_zero(shown):
    nothing = dict.fromkeys(("held_places", "holds_overdue", "waiting_places", "confirmations_open"), 0)
    assert shown() == nothing


def test_a_seat_that_is_kept_and_a_place_in_the_queue_are_counted(booking, shown):
    """One seat at lunch: who comes first has to pay for it, who comes second waits."""
    booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    booking.confirmed(MARTIN, movement("max", "repas", MONDAY), movement("max", "repas", TUESDAY))
    found = shown()
    assert (found["held_places"], found["waiting_places"], found["holds_overdue"]) == (2, 1, 0)


def test_a_hold_is_overdue_when_its_time_is_over_by_more_than_a_minute(booking, shown):
    booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    (day,) = booking.database["seats"].find({"taken.state": "held"})
    over_s = (day["taken"][0]["held_until"] - NOW).total_seconds()
    assert shown(over_s + 59)["holds_overdue"] == 0
    assert shown(over_s + 60)["holds_overdue"] == 1
    assert shown(over_s + 60)["held_places"] == 1


def test_a_confirmation_that_is_not_answered_is_open(booking, shown):
    answered = booking.confirmed(ROY, movement("zoe", "soir", MONDAY))
    assert shown()["confirmations_open"] == 0
    opened = {"$set": {"state": OPEN, "lease_until": NOW + timedelta(days=9)}}
    booking.database["confirmations"].update_one({"_id": answered["id"]}, opened)
    assert shown()["confirmations_open"] == 1
