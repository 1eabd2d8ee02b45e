"""How a booking stands: actions, states, verdicts, reasons, and the names of what happens to it."""

from enum import StrEnum


class Action(StrEnum):
    """What one movement of a basket asks for."""

    BOOK = "book"
    CANCEL = "cancel"


class DayPart(StrEnum):
    """The part of a day that a slot covers."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    DAY = "day"
    NOON = "noon"
    EVENING = "evening"


class DecisionMode(StrEnum):
    """Who decides on a booking, and when."""

    INSTANT = "instant"
    ON_REQUEST = "on_request"
    DEFERRED = "deferred"


class ChargingMode(StrEnum):
    """When and how a booking is charged."""

    PREPAID = "prepaid"
    WALLET = "wallet"
    INVOICED = "invoiced"
    FREE = "free"


class State(StrEnum):
    """Where a booking stands; refused, cancelled and expired are final."""

    HELD = "held"
    ACCEPTED = "accepted"
    REQUESTED = "requested"
    SUBMITTED = "submitted"
    WAITLISTED = "waitlisted"
    CANCELLATION_REQUESTED = "cancellation_requested"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Verdict(StrEnum):
    """The answer to one line of a confirmation."""

    ACCEPTED = "accepted"
    HELD = "held"
    REQUESTED = "requested"
    SUBMITTED = "submitted"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"
    CANCELLATION_REQUESTED = "cancellation_requested"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a line was refused, or why a cell of the calendar cannot be chosen."""

    FULL = "full"
    PAST_DEADLINE = "past_deadline"
    NOT_OPEN = "not_open"
    NOT_ENROLLED = "not_enrolled"
    AGE = "age"
    DUPLICATE = "duplicate"
    OVERLAP = "overlap"
    INCOMPATIBLE = "incompatible"
    LIMIT_REACHED = "limit_reached"
    NOT_BOOKED = "not_booked"
    FILE_INCOMPLETE = "file_incomplete"
    UNPAID_BALANCE = "unpaid_balance"


class RequestState(StrEnum):
    """The state of a numbered request, derived from its lines."""

    AWAITING_PAYMENT = "awaiting_payment"
    SUBMITTED = "submitted"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    WAITLISTED = "waitlisted"
    REFUSED = "refused"
    CANCELLATION_REQUESTED = "cancellation_requested"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class SeatEvent(StrEnum):
    """Every transition that a seats document can log, by the name of its event."""

    BOOKING_ACCEPTED = "booking_accepted"
    BOOKING_HELD = "booking_held"
    BOOKING_WAITLISTED = "booking_waitlisted"
    BOOKING_REQUESTED = "booking_requested"
    BOOKING_REFUSED = "booking_refused"
    BOOKING_CANCELLED = "booking_cancelled"
    CANCELLATION_ASKED = "cancellation_asked"
    CANCELLATION_DECLINED = "cancellation_declined"
    HOLD_EXPIRED = "hold_expired"
    SEAT_PROMOTED = "seat_promoted"
    SEAT_LOST = "seat_lost"
    WAITING_ENDED = "waiting_ended"
