"""Doors that look back: confirmations and numbered requests, with the state of this moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from booking.bookings.model import BookingRecord
from booking.confirmations import render
from booking.confirmations.model import Confirmation, NumberedRequest, RequestState
from booking.confirmations.rules.payments import payment_now
from booking.confirmations.rules.requests import lines_of_request, request_state
from booking.confirmations.rules.standing import record_of_line, states_of
from booking.desk import Desk
from booking.fields import read_cursor, written_cursor
from chassis.values.context import Context
from chassis.values.errors import Refused

Records = Mapping[str, BookingRecord]


def get_confirmation(desk: Desk, context: Context, confirmation_id: str) -> dict[str, Any]:
    """Show a confirmation with what its lines and its payment have become since."""
    found = desk.store.confirmations.find(context, confirmation_id)
    if found is None:
        raise Refused("not_found", "no such confirmation")
    records = desk.store.bookings.of_confirmations(context, [found.id])
    states = _states(found, records)
    return {"confirmation": render.confirmation(found, payment_now(found, records), states, records)}


def as_answered(one: Confirmation) -> dict[str, Any]:
    """Show a confirmation exactly as it was answered."""
    return {"confirmation": render.confirmation(one, one.payment, _states(one, {}), {})}


def list_requests(desk: Desk, context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show a page of the family's numbered requests, the latest first; a confirmation's stay on one page."""
    before = read_cursor(request["cursor"], datetime.fromisoformat)
    limit = request["limit"]
    found = desk.store.confirmations.page(context, before, limit + 1)
    page, more = found[:limit], len(found) > limit
    records = desk.store.bookings.of_confirmations(context, [one.id for one in page])
    last = page[-1] if page else None
    return {
        "data": [_request(one, request, records) for one in page for request in one.requests],
        "next_cursor": written_cursor(last.asked_at.isoformat(), last.id) if more and last else None,
    }


def get_request(desk: Desk, context: Context, request_id: str) -> dict[str, Any]:
    """Show one numbered request."""
    found = desk.store.confirmations.find(context, request_id.partition(".")[0])
    requests = found.requests if found else ()
    request = next((each for each in requests if each.id == request_id), None)
    if found is None or request is None:
        raise Refused("not_found", "no such request")
    records = desk.store.bookings.of_confirmations(context, [found.id])
    return {"request": _request(found, request, records)}


def record_of(desk: Desk, context: Context, booking_id: str) -> BookingRecord:
    """Find one of the family's bookings.

    In the list or, when that is a moment behind, in its confirmation.
    """
    record = desk.store.bookings.find(context, booking_id)
    if record is not None:
        return record
    asked = desk.store.confirmations.of_booking(context, booking_id)
    if asked is None or asked.family_id != context.family_id:
        raise Refused("not_found", "no such booking")
    return record_of_line(asked, booking_id)


def _request(one: Confirmation, request: NumberedRequest, records: Records) -> dict[str, Any]:
    lines = lines_of_request(one, request)
    return render.numbered_request(one, request, lines, request_state(states_of(lines, records)), records)


def _states(one: Confirmation, records: Records) -> dict[str, RequestState]:
    return {
        request.id: request_state(states_of(lines_of_request(one, request), records))
        for request in one.requests
    }
