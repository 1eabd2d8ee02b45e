"""Doors of the book: the list of bookings with the state of this moment."""

from dataclasses import replace
from datetime import date

from booking.bookings import contract, render
from booking.bookings.contract import ListBookings
from booking.bookings.model import BookingRecord
from booking.bookings.rules import named_today
from booking.bookings.store import Bookings, Filters
from booking.copies.store import Children
from booking.fields import read_cursor, written_cursor
from booking.offer.store import Offers
from booking.ports import Call
from booking.seats.rules import pool_id
from booking.seats.store import EntryFilter, Seats
from chassis.doors.capabilities import own_family
from chassis.doors.rpc import rpc
from chassis.storage.documents import Document


@rpc(own_family(), request=contract.ListBookingsRequest(), reply=contract.BookingList())
def list_bookings(call: Call, request: ListBookings) -> Document:
    """Show a page of the family's bookings by day, and what the whole list costs.

    Refused: malformed for a cursor of another list.
    """
    bookings = call.store(Bookings)
    filters = Filters(request.child_id, request.from_on, request.to_on, tuple(request.states))
    after = read_cursor(request.cursor, date.fromisoformat)
    found = bookings.page(call.scope, filters, after, request.limit + 1)
    page, more = _named(call, found[: request.limit]), len(found) > request.limit
    wanted = EntryFilter(booking_ids=tuple(record.id for record in page))
    seats_ids = sorted({record.seats_id for record in page})
    days = call.store(Seats).read(call.scope, seats_ids, wanted)
    ranks, now = _ranks(call, [record for record in page if record.rank is not None]), call.now()
    return {
        "data": [
            render.booking(record, days.get(record.seats_id), ranks.get(record.id, record.rank), now)
            for record in page
        ],
        "next_cursor": written_cursor(page[-1].facts.day.isoformat(), page[-1].id) if more else None,
        "total_cents": bookings.total_cents(call.scope, filters),
    }


def _named(call: Call, page: list[BookingRecord]) -> list[BookingRecord]:
    """Call the children as they are called today, on days to come."""
    if not page:
        return page
    today, names = (
        call.store(Offers).known(call.scope).today(call.now()),
        call.store(Children).names(call.scope),
    )
    return [replace(record, facts=named_today(record.facts, names, today)) for record in page]


def _ranks(call: Call, waiting: list[BookingRecord]) -> dict[str, int | None]:
    """Ask for the ranks of this moment.

    They rise whenever somebody ahead leaves, without an event of their own.
    """
    if not waiting:
        return {}
    days = [record.facts.day for record in waiting]
    counters = call.store(Seats).counters(
        call.scope,
        sorted({pool_id(record.facts.activity_id, record.facts.centre_id) for record in waiting}),
        (min(days), max(days)),
        sorted({record.facts.child_id for record in waiting}),
    )
    return {place.booking_id: place.rank for each in counters for place in each.places.values()}
