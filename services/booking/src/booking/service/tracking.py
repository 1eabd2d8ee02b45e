"""Doors that look back: confirmations, requests, the list of bookings with the state of this moment."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from booking import render
from booking.model import RequestState
from booking.model.baskets import BookingRecord, Confirmation, Line, NumberedRequest
from booking.rules.confirming import lines_of_request
from booking.rules.listing import payment_now, record_of_line, states_of, why_not_cancellable
from booking.rules.requests import request_state
from booking.rules.seats import pool_id
from booking.service.desk import Desk, organisation_of
from booking.store.bookings import Filters
from booking.store.seats import Interest
from chassis.values.context import Context
from chassis.values.errors import FieldError, Refused

T = TypeVar("T")

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


def list_bookings(desk: Desk, context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show a page of the family's bookings by day, and what the whole list costs."""
    filters = Filters(
        child_id=request["child_id"],
        from_on=request["from_on"],
        to_on=request["to_on"],
        states=tuple(request["states"]),
    )
    after = _read_cursor(request["cursor"], date.fromisoformat)
    limit = request["limit"]
    records = desk.store.bookings.page(context, filters, after, limit + 1)
    page, more = records[:limit], len(records) > limit
    last = page[-1] if page else None
    return {
        "data": _bookings(desk, context, page),
        "next_cursor": _cursor(last.day.isoformat(), last.id) if more and last else None,
        "total_cents": desk.store.bookings.total_cents(context, filters),
    }


def list_requests(desk: Desk, context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show a page of the family's numbered requests, the latest first; a confirmation's stay on one page."""
    before = _read_cursor(request["cursor"], datetime.fromisoformat)
    limit = request["limit"]
    found = desk.store.confirmations.page(context, before, limit + 1)
    page, more = found[:limit], len(found) > limit
    records = desk.store.bookings.of_confirmations(context, [one.id for one in page])
    last = page[-1] if page else None
    return {
        "data": [_request(one, request, records) for one in page for request in one.requests],
        "next_cursor": _cursor(last.asked_at.isoformat(), last.id) if more and last else None,
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


def _bookings(desk: Desk, context: Context, page: list[BookingRecord]) -> list[dict[str, Any]]:
    """Put the queue and the closing instants of this moment beside the page's bookings."""
    interest = Interest(booking_ids=tuple(record.id for record in page))
    documents = desk.store.seats.read(
        organisation_of(context), sorted({record.seats_id for record in page}), interest
    )
    slots = {(document.id, slot.id): slot for document in documents.values() for slot in document.slots}
    ranks = _ranks(desk, context, [record for record in page if record.rank is not None])
    now = desk.clock.now()
    shown = []
    for record in page:
        slot = slots.get((record.seats_id, record.slot))
        until = slot.cancelling_closes_at if slot else None
        rank = ranks.get(record.id, record.rank)
        shown.append(render.booking(record, rank, until, why_not_cancellable(record, slot, now)))
    return shown


def _ranks(desk: Desk, context: Context, waiting: list[BookingRecord]) -> dict[str, int | None]:
    """Ask for the ranks of this moment.

    They rise whenever somebody ahead leaves, without an event of their own.
    """
    if not waiting:
        return {}
    days = [record.day for record in waiting]
    counters = desk.store.seats.counters(
        organisation_of(context),
        sorted({pool_id(record.activity_id, record.centre_id) for record in waiting}),
        (min(days), max(days)),
        sorted({record.child_id for record in waiting}),
    )
    return {place.booking_id: place.rank for each in counters for place in each.places.values()}


def _request(one: Confirmation, request: NumberedRequest, records: Records) -> dict[str, Any]:
    lines: list[Line] = lines_of_request(one, request)
    return render.numbered_request(one, request, lines, request_state(states_of(lines, records)), records)


def _states(one: Confirmation, records: Records) -> dict[str, RequestState]:
    return {
        request.id: request_state(states_of(lines_of_request(one, request), records))
        for request in one.requests
    }


def _cursor(first: str, second: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([first, second]).encode()).decode()


def _read_cursor(cursor: str | None, read: Callable[[str], T]) -> tuple[T, str] | None:
    if cursor is None:
        return None
    wrong = Refused(
        "malformed", errors=[FieldError(pointer="/cursor", messages=["Not a cursor of this list."])]
    )
    try:
        first, second = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        place = read(first)
    except (ValueError, TypeError, binascii.Error):
        raise wrong from None
    if not isinstance(second, str):
        raise wrong
    return place, second
