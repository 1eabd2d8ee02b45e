"""Numbered requests: which lines belong to one, and what these make of it (``docs/rules/bookings.md``)."""

from collections.abc import Iterable, Sequence

from booking.basket.model import Line
from booking.confirmations.model import Confirmation, NumberedRequest, RequestState
from booking.vocabulary import BookingState

# What still waits for somebody speaks for the whole request, the family's own turn first.
_WAITING = (
    (BookingState.HELD, RequestState.AWAITING_PAYMENT),
    (BookingState.SUBMITTED, RequestState.SUBMITTED),
    (BookingState.REQUESTED, RequestState.REQUESTED),
    (BookingState.CANCELLATION_REQUESTED, RequestState.CANCELLATION_REQUESTED),
)
_SETTLED = (
    (BookingState.WAITLISTED, RequestState.WAITLISTED),
    (BookingState.REFUSED, RequestState.REFUSED),
    (BookingState.EXPIRED, RequestState.EXPIRED),
)


def request_state(states: Iterable[BookingState]) -> RequestState:
    """Derive a request's state from those of its lines; without lines nothing is left of it: cancelled."""
    found = set(states)
    for state, result in _WAITING:
        if state in found:
            return result
    if BookingState.ACCEPTED in found:
        return RequestState.ACCEPTED if found == {BookingState.ACCEPTED} else RequestState.PARTLY_ACCEPTED
    for state, result in _SETTLED:
        if state in found:
            return result
    return RequestState.CANCELLED


def request_keys(lines: Iterable[Line]) -> list[tuple[str, str, str | None]]:
    """Group lines into requests: one per child, centre and period, in the order of the lines."""
    return list(dict.fromkeys(map(_key_of, lines)))


def requests_of(
    confirmation_id: str, lines: Iterable[Line], numbers: Sequence[str]
) -> tuple[NumberedRequest, ...]:
    """Number the requests of a confirmation; a request's id says which confirmation it belongs to."""
    keys = request_keys(lines)
    return tuple(
        NumberedRequest(f"{confirmation_id}.{place}", number, child_id, centre_id, period_id)
        for place, (number, (child_id, centre_id, period_id)) in enumerate(zip(numbers, keys, strict=True))
    )


def lines_of_request(confirmation: Confirmation, request: NumberedRequest) -> list[Line]:
    """The lines of one request."""
    key = (request.child_id, request.centre_id, request.period_id)
    return [line for line in confirmation.lines if _key_of(line) == key]


def _key_of(line: Line) -> tuple[str, str, str | None]:
    return line.facts.child_id, line.facts.centre_id, line.period_id
