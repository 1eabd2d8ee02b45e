"""The state machines of booking: an act is done in its states only, and the seats never leave theirs."""

import pytest

from booking.vocabulary import BOOKING, Act, BookingState

FOLLOWING = {
    "held": "accepted cancelled expired",
    "submitted": "requested held accepted waitlisted refused cancelled",
    "requested": "held accepted waitlisted refused cancelled",
    "waitlisted": "held accepted refused cancelled expired",
    "accepted": "cancellation_requested cancelled",
    "cancellation_requested": "accepted cancelled",
    "refused": "",
    "cancelled": "",
    "expired": "accepted",
}


@pytest.mark.parametrize("state", BookingState)
def test_a_booking_goes_on_only_as_the_domain_says(state):
    following = {after for (before, _), after in BOOKING.moves.items() if before is state}
    assert following == set(FOLLOWING[state].split())


def test_a_booking_begins_in_what_a_line_can_be_answered():
    begun = {after for (before, _), after in BOOKING.moves.items() if before is None}
    assert begun == set(BookingState) - {"cancelled", "cancellation_requested", "expired"}


@pytest.mark.parametrize(
    ("act", "states"),
    [
        (Act.PAY, {"held", "expired"}),
        (Act.REFUSE, {"requested", "submitted", "waitlisted"}),
        (Act.KEEP, {"cancellation_requested"}),
    ],
)
def test_an_act_is_done_in_its_states_only(act, states):
    assert set(BOOKING.sources(act)) == states
    assert {state for state in BookingState if BOOKING.after(state, act)} == states
