"""Doors of the book: the list of bookings with the state of this moment."""

from datetime import date
from typing import Any

from booking.bookings import render
from booking.bookings.model import BookingRecord
from booking.bookings.rules import why_not_cancellable
from booking.bookings.store import Filters
from booking.desk import Desk, organisation_of
from booking.fields import read_cursor, written_cursor
from booking.seats.rules.ids import pool_id
from booking.seats.store.collection import Interest
from chassis.values.context import Context


def list_bookings(desk: Desk, context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show a page of the family's bookings by day, and what the whole list costs."""
    filters = Filters(
        child_id=request["child_id"],
        from_on=request["from_on"],
        to_on=request["to_on"],
        states=tuple(request["states"]),
    )
    after = read_cursor(request["cursor"], date.fromisoformat)
    limit = request["limit"]
    records = desk.store.bookings.page(context, filters, after, limit + 1)
    page, more = records[:limit], len(records) > limit
    last = page[-1] if page else None
    return {
        "data": _bookings(desk, context, page),
        "next_cursor": written_cursor(last.day.isoformat(), last.id) if more and last else None,
        "total_cents": desk.store.bookings.total_cents(context, filters),
    }


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
