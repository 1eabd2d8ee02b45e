"""What the seats of a day tell the others, in the past tense.

Everything that a consumer needs of a booking is in the event (`BookingFacts`): nobody has to ask back.
"""

from marshmallow import Schema, fields, validate

from booking.vocabulary import BookingState, ChargingMode, DayPart
from chassis.storage.outbox import EventType
from chassis.values.fields import cents, count, day, identifier, instant, local_time, name_of, text


class ShownFacts(Schema):
    """What a family reads of a booking: who comes when, where, to what, and at which price."""

    child_id = identifier()
    child_name = text()
    activity_id = identifier()
    activity_name = text()
    centre_id = identifier()
    centre_name = text()
    day = day()
    day_part = name_of(DayPart)
    arrives_at = local_time(allow_none=True)
    leaves_at = local_time(allow_none=True)
    charging_mode = name_of(ChargingMode)
    cost_cents = cents(allow_none=True)


class CancellableFacts(ShownFacts):
    """The same, and until when it may be cancelled."""

    cancellable_until = instant(allow_none=True)


class BookingFacts(ShownFacts):
    """What never changes about a booking."""

    booking_id = identifier()
    confirmation_id = identifier()
    line = count()
    family_id = identifier()
    account_id = identifier(allow_none=True)
    activity_group = text()


class BookingAccepted(BookingFacts):
    """A seat is the child's for good: at once, by promotion, by payment, or granted by staff."""

    how = name_of(("booked", "promoted", "paid", "granted"))


class BookingHeld(BookingFacts):
    """A seat is kept while the family pays."""

    held_until = instant()


class BookingWaitlisted(BookingFacts):
    """The child waits, at this rank; `how` is there where staff granted a request and no seat was free."""

    rank = count(least=1)
    how = name_of(("granted",), required=False)


class BookingRequested(BookingFacts):
    """Staff, or the draw, has to answer."""

    state = name_of(("requested", "submitted"))


class BookingRefused(BookingFacts):
    """Staff, or the draw, said no; `was` is the state before."""

    was = name_of(BookingState)


class CancellationAsked(BookingFacts):
    """The family wants to give the booking back, and staff has to answer."""


class CancellationDeclined(BookingFacts):
    """The booking stays: staff said no to its cancellation."""


class BookingCancelled(BookingFacts):
    """The family gave the booking back, or its day was closed; `was` is its state before."""

    was = name_of(BookingState)
    in_time = fields.Boolean(required=True)
    closing_id = fields.String(validate=validate.Length(min=1, max=200))


class HoldExpired(BookingFacts):
    """A held seat was not paid in time and is free again."""


class SeatPromoted(BookingFacts):
    """The head of the queue got a seat; a prepaid one is held until it is paid.

    So is that of a request which staff granted: `how` says it.
    """

    to = name_of(("held", "accepted"))
    how = name_of(("granted",), required=False)
    held_until = instant(allow_none=True)


class SeatLost(BookingFacts):
    """A payment came after the hold had gone, and no seat could be taken back."""


class WaitingEnded(BookingFacts):
    """Care has begun, and the child was still on the waiting list."""


EVENTS: dict[str, EventType] = {
    "booking_accepted": EventType(schema=BookingAccepted(), subscribers=("billing", "notify")),
    "booking_held": EventType(schema=BookingHeld(), subscribers=()),
    "booking_waitlisted": EventType(schema=BookingWaitlisted(), subscribers=("notify",)),
    "booking_requested": EventType(schema=BookingRequested(), subscribers=()),
    "booking_refused": EventType(schema=BookingRefused(), subscribers=("notify",)),
    "cancellation_asked": EventType(schema=CancellationAsked(), subscribers=()),
    "cancellation_declined": EventType(schema=CancellationDeclined(), subscribers=("notify",)),
    "booking_cancelled": EventType(schema=BookingCancelled(), subscribers=("billing", "notify")),
    "hold_expired": EventType(schema=HoldExpired(), subscribers=("billing", "notify")),
    "seat_promoted": EventType(schema=SeatPromoted(), subscribers=("billing", "notify")),
    "seat_lost": EventType(schema=SeatLost(), subscribers=("billing", "notify")),
    "waiting_ended": EventType(schema=WaitingEnded(), subscribers=()),
}
