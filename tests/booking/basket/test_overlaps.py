"""Which hours a child's other bookings take."""

from dataclasses import replace

import pytest

from booking.basket.rules.overlaps import refuse_overlaps
from booking.vocabulary import Reason
from tests.booking.basket.test_baskets import SPORT, line, standing
from tests.booking.offer.test_attending import activity, offer


@pytest.mark.parametrize("kept_in", ["taken", "waiting", "asked"])
def test_a_child_that_waits_or_has_asked_is_at_those_hours_too(kept_in):
    document = standing()
    entries = {"taken": (), "waiting": (), "asked": ()} | {kept_in: document.taken}
    [checked] = refuse_overlaps((line(),), offer(activity(), SPORT), [replace(document, **entries)], "c")
    assert checked.answer.reason is Reason.OVERLAP


def test_a_booking_takes_the_hours_of_its_own_part_of_the_day_alone():
    early = line(slot="soir/verne/morning", arrives_at="07:30", leaves_at="08:30")
    [checked] = refuse_overlaps((early,), offer(activity(), SPORT), [standing()], "c")
    assert checked.answer is None


def test_twice_in_one_slot_is_left_to_the_seats_to_tell():
    again = line(slot="sport/verne/evening", arrives_at="18:00", leaves_at="19:00")
    [checked] = refuse_overlaps((again,), offer(activity(), SPORT), [standing()], "c")
    assert checked.answer is None
