"""Waiting lists end to end: who got an offer goes, and no offer is made that nobody could use."""

from datetime import timedelta

from chassis.testing import eventually
from tests.booking.confirmations.test_confirming import MARTIN, MONDAY, PETIT, ROY, paid, told
from tests.booking.conftest import an_id, movement


def states_of(booking, who):
    return [state for _, state in booking.states(who)]


def becomes(booking, who, *states):
    return eventually(lambda: states_of(booking, who) == list(states))


def test_who_was_promoted_paid_and_cancelled_passes_the_seat_on_and_gets_no_second_offer(booking, billing):
    first = booking.confirmed(MARTIN, movement("max", "repas", MONDAY))
    waiting = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    booking.confirmed(PETIT, movement("ida", "repas", MONDAY))
    booking.cancelled(MARTIN, first["lines"][0]["booking_id"])
    assert becomes(booking, ROY, "held")
    zoes = waiting["lines"][0]["booking_id"]
    paid(booking, zoes, zoes)
    assert becomes(booking, ROY, "accepted")
    answer = booking.cancelled(ROY, zoes)
    assert answer["lines"][0]["verdict"] == "cancelled"
    assert becomes(booking, PETIT, "held")
    assert states_of(booking, ROY) == ["cancelled"]
    # the avoir is asked for with the cancellation itself
    assert [line["booking_id"] for line in billing.settled[-1]["cancelled"]] == [zoes]
    day = booking.database.seats.find_one({"taken.child_id": an_id("child", "ida")})
    assert day["waiting"] == []
    promoted = [row["_id"] for row in booking.database.bookings.find({"history.name": "seat_promoted"})]
    assert len(told(booking, "seat_promoted")) == len(promoted) == 2


def test_a_seat_that_comes_free_after_the_cancelling_deadline_is_offered_to_nobody(booking, clock, billing):
    clock.advance(
        days=3
    )  # Thursday: the deadline to cancel Monday's meal has passed, that to book it has not
    billing.expires_at = clock.now() + timedelta(minutes=30)
    booking.confirmed(MARTIN, movement("max", "repas", MONDAY))
    booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    assert becomes(booking, ROY, "waitlisted")
    clock.advance(hours=1)
    assert becomes(booking, MARTIN, "expired")
    assert states_of(booking, ROY) == ["waitlisted"]
    clock.advance(days=5)  # care has begun
    assert becomes(booking, ROY, "expired")
    assert (len(told(booking, "waiting_ended")), told(booking, "seat_promoted")) == (1, [])
