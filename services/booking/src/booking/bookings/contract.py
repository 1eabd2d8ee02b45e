"""The tracking list: every booking of a family with its state of this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marshmallow import Schema, fields, validate

from booking.fields import optional_id
from booking.seats.contract import CancellableFacts
from booking.vocabulary import BookingState
from chassis.values.fields import (
    cents,
    count,
    cursor,
    identifier,
    instant,
    limit,
    name_of,
    text,
)
from chassis.values.requests import RequestSchema


@dataclass(frozen=True, slots=True)
class ListBookings:
    """Filters, each of them optional: a child, a span of days, states."""

    child_id: str | None
    from_on: date | None
    to_on: date | None
    states: Sequence[str]
    cursor: str | None
    limit: int


class ListBookingsRequest(RequestSchema):
    """The filters, and the page."""

    into = ListBookings
    child_id = optional_id()
    from_on = fields.Date(load_default=None, allow_none=True)
    to_on = fields.Date(load_default=None, allow_none=True)
    states = fields.List(
        name_of(BookingState), load_default=list, validate=validate.Length(max=len(BookingState))
    )
    cursor = cursor()
    limit = limit()


class Booking(CancellableFacts):
    """One booking; `why_not` says why it can't be cancelled any more."""

    id = identifier()
    state = name_of(BookingState)
    rank = count(allow_none=True, least=1)
    held_until = instant(allow_none=True)
    cancellable = fields.Boolean(required=True)
    why_not = text(allow_none=True, longest=40)
    confirmation_id = identifier()


class BookingList(Schema):
    """A page of bookings by day; `total_cents` sums the whole filtered list, not the page."""

    data = fields.List(fields.Nested(Booking), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    total_cents = cents()
