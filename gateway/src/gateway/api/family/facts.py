"""What is told of a booking wherever it is told: in a review, in a confirmation, in the list of bookings."""

from marshmallow import Schema, validate

from gateway.api.fields import Amount, Day, Id, Instant, Str
from gateway.api.names import CHARGING_MODES, DAY_PARTS


class BookingFacts(Schema):
    """Who is booked where and when, how it is charged, and what it costs."""

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


class CancellableFacts(BookingFacts):
    """The facts of a booking, and until when it may be cancelled."""

    cancellable_until = Instant(allow_none=True)
