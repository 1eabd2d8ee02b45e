"""When a sweep is to come again, and who has it come earlier."""

from datetime import timedelta

import pytest

from booking.confirmations.doors import confirming, sweeping
from chassis.doors.call import call_of_timer
from tests.booking.small_town import ROY, confirmed, confirming_of, movement, reviewed

pytestmark = pytest.mark.pure

HOLD = timedelta(seconds=1_500)


def swept(town):
    return sweeping.sweep(call_of_timer(town.tools))


def test_where_nothing_is_due_ever_a_sweep_asks_for_no_other(town):
    assert swept(town) is None


def test_a_sweep_comes_again_when_the_next_hold_ends(town):
    confirmed(town, ROY, movement("zoe", "meal"))
    town.clock.advance(seconds=60)
    assert swept(town) == HOLD - timedelta(seconds=60)


def test_a_sweep_that_found_work_comes_again_soon(town):
    confirmed(town, ROY, movement("zoe", "meal"))
    town.clock.advance(seconds=1_501)
    assert swept(town) == sweeping.MORE


def test_whoever_holds_a_seat_has_the_sweep_come_when_the_hold_ends(town):
    confirmed(town, ROY, movement("zoe", "meal"))
    assert town.timers.woken == [("sweep", HOLD)]


def test_a_silent_billing_is_asked_again_by_the_sweep_after_two_seconds(town):
    review = reviewed(town, ROY, movement("zoe", "meal"))
    town.billing.silent = True
    confirming.confirm(town.as_(ROY), confirming_of(review))
    again = timedelta(seconds=2)
    assert ("sweep", again) in town.timers.woken
    assert swept(town) == again
