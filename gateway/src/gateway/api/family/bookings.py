"""The family's bookings: follow them, cancel one."""

from typing import Any

from marshmallow import Schema, fields, validate

from gateway import clients, session
from gateway.api.family.confirmations import ConfirmationAnswer, located
from gateway.api.fields import Amount, Bool, Cursor, Day, Id, Instant, Int, Nothing, Str, each
from gateway.api.names import BOOKING_STATES, CHARGING_MODES, DAY_PARTS
from gateway.api.operation import Headers, Resource, page
from gateway.idempotency import required_key

blueprint = Resource("bookings", __name__, url_prefix="/bookings", description="Follow and cancel bookings")


class BookingQuery(Cursor):
    """Filters of the list; `state` may be repeated."""

    child = Id(required=False)
    first = Day(data_key="from", required=False)
    last = Day(data_key="to", required=False)
    state = fields.List(
        fields.String(validate=validate.OneOf(BOOKING_STATES)),
        validate=validate.Length(max=len(BOOKING_STATES)),
    )


class Booking(Schema):
    """One child's claim on one day of an activity."""

    id = Id()
    child_id = Id()
    child_name = Str()
    activity_id = Id()
    activity_name = Str()
    centre_id = Id()
    centre_name = Str()
    day = Day()
    day_part = Str(validate=validate.OneOf(DAY_PARTS))
    arrives_at = Str(allow_none=True)
    leaves_at = Str(allow_none=True)
    charging_mode = Str(validate=validate.OneOf(CHARGING_MODES))
    cost = Amount(allow_none=True)
    state = Str(validate=validate.OneOf(BOOKING_STATES))
    rank = Int(allow_none=True)
    held_until = Instant(allow_none=True)
    cancellable = Bool()
    cancellable_until = Instant(allow_none=True)
    why_not = Str(allow_none=True)
    confirmation_id = Id()


class BookingPage(Schema):
    """A page of bookings by day; `total` is the cost of the whole filtered list."""

    data = each(Booking)
    next_cursor = Str(allow_none=True)
    total = Amount()


@blueprint.operation(
    "GET", "", policy="authenticated", query=BookingQuery, returns=BookingPage, headers=("Link",)
)
def list_bookings(query: dict[str, Any]) -> tuple[dict[str, Any], Headers]:
    """List the family's bookings."""
    return page(
        clients.current().booking.list_bookings(
            session.context(),
            child_id=query.get("child"),
            from_on=query.get("first"),
            to_on=query.get("last"),
            states=query.get("state"),
            cursor=query.get("cursor"),
            limit=query["limit"],
        )
    )


@blueprint.operation(
    "POST",
    "/<id:booking_id>/cancellation",
    policy="authenticated",
    body=Nothing,
    returns=ConfirmationAnswer,
    status=201,
    refuses=("confirmation_in_progress", "not_booked", "past_deadline"),
    key=True,
    headers=("Location",),
)
def cancel_booking(body: dict[str, Any], booking_id: str) -> tuple[dict[str, Any], Headers]:
    """Cancel one booking, if its deadline is not past; what was paid becomes a credit note."""
    key = required_key(body)
    return located(
        clients.current().booking.cancel(
            session.context(), booking_id, key=key.key, body_sha256=key.body_sha256
        )
    )
