"""The family's bookings: follow them, cancel one."""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from gateway import clients, session
from gateway.api.family.confirmations import ConfirmationAnswer, located
from gateway.api.family.facts import CancellableFacts
from gateway.api.fields import (
    Amount,
    Bool,
    Day,
    Id,
    Instant,
    Int,
    NothingSchema,
    Slice,
    SliceSchema,
    Str,
    each,
)
from gateway.api.names import BOOKING_STATES
from gateway.api.operation import Headers, Resource, linked
from gateway.clients import booking
from gateway.idempotency import Key

blueprint = Resource("bookings", __name__, url_prefix="/bookings", description="Follow and cancel bookings")


@dataclass(frozen=True, slots=True)
class BookingQuery(Slice):
    """Which bookings are asked for, from `first` to `last`."""

    child: str | None = None
    first: str | None = None
    last: str | None = None
    state: tuple[str, ...] = ()


class BookingQuerySchema(SliceSchema):
    """Filters of the list; `state` may be repeated."""

    into = BookingQuery

    child = Id(required=False)
    first = Day(data_key="from", required=False)
    last = Day(data_key="to", required=False)
    state = fields.List(
        fields.String(validate=validate.OneOf(BOOKING_STATES)),
        validate=validate.Length(max=len(BOOKING_STATES)),
    )


class Booking(CancellableFacts):
    """One child's claim on one day of an activity."""

    id = Id()
    state = Str(validate=validate.OneOf(BOOKING_STATES))
    rank = Int(allow_none=True)
    held_until = Instant(allow_none=True)
    cancellable = Bool()
    why_not = Str(allow_none=True)
    confirmation_id = Id()


class BookingPage(Schema):
    """A page of bookings by day; `total` is the cost of the whole filtered list."""

    data = each(Booking)
    next_cursor = Str(allow_none=True)
    total = Amount()


@blueprint.operation(
    "GET", "", policy="family", query=BookingQuerySchema, returns=BookingPage, headers=("Link",)
)
def list_bookings(query: BookingQuery) -> tuple[booking.Bookings, Headers]:
    """List the family's bookings."""
    return linked(
        clients.current().booking.list_bookings(
            session.context(),
            child_id=query.child,
            from_on=query.first,
            to_on=query.last,
            states=query.state,
            cursor=query.cursor,
            limit=query.limit,
        )
    )


@blueprint.operation(
    "POST",
    "/<id:booking_id>/cancellation",
    policy="family",
    body=NothingSchema,
    returns=ConfirmationAnswer,
    status=201,
    refuses=("confirmation_in_progress",),
    key=True,
    headers=("Location",),
)
def cancel_booking(booking_id: str, key: Key) -> tuple[dict[str, booking.Confirmation], Headers]:
    """Cancel one booking, if its deadline is not past; what was paid becomes a credit note."""
    return located(
        clients.current().booking.cancel(
            session.context(), booking_id, key=key.key, body_sha256=key.body_sha256
        )
    )
