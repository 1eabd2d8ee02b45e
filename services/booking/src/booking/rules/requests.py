"""Bookings and requests: how a booking may go on, and what a request's lines make of it.

Tables: ``docs/rules/bookings.md``.
"""

from collections.abc import Iterable, Mapping

from booking.model import RequestState, State

NEXT: Mapping[State, frozenset[State]] = {
    State.HELD: frozenset({State.ACCEPTED, State.CANCELLED, State.EXPIRED}),
    State.SUBMITTED: frozenset(
        {State.REQUESTED, State.HELD, State.ACCEPTED, State.WAITLISTED, State.REFUSED, State.CANCELLED}
    ),
    State.REQUESTED: frozenset(
        {State.HELD, State.ACCEPTED, State.WAITLISTED, State.REFUSED, State.CANCELLED}
    ),
    State.WAITLISTED: frozenset({State.HELD, State.ACCEPTED, State.REFUSED, State.CANCELLED, State.EXPIRED}),
    State.ACCEPTED: frozenset({State.CANCELLATION_REQUESTED, State.CANCELLED}),
    State.CANCELLATION_REQUESTED: frozenset({State.ACCEPTED, State.CANCELLED}),
    State.REFUSED: frozenset(),
    State.CANCELLED: frozenset(),
    # A payment that comes after the hold has gone takes the seat again where it can.
    State.EXPIRED: frozenset({State.ACCEPTED}),
}

# What still waits for somebody speaks for the whole request, the family's own turn first.
_WAITING = (
    (State.HELD, RequestState.AWAITING_PAYMENT),
    (State.SUBMITTED, RequestState.SUBMITTED),
    (State.REQUESTED, RequestState.REQUESTED),
    (State.CANCELLATION_REQUESTED, RequestState.CANCELLATION_REQUESTED),
)
_SETTLED = (
    (State.WAITLISTED, RequestState.WAITLISTED),
    (State.REFUSED, RequestState.REFUSED),
    (State.EXPIRED, RequestState.EXPIRED),
)


def may_become(state: State, following: State) -> bool:
    """Say whether a booking may go from one state to another."""
    return following in NEXT[state]


def request_state(states: Iterable[State]) -> RequestState:
    """Derive a request's state from those of its lines; without lines nothing is left of it: cancelled."""
    found = set(states)
    for state, result in _WAITING:
        if state in found:
            return result
    if State.ACCEPTED in found:
        return RequestState.ACCEPTED if found == {State.ACCEPTED} else RequestState.PARTLY_ACCEPTED
    for state, result in _SETTLED:
        if state in found:
            return result
    return RequestState.CANCELLED
