"""booking as the gateway sees it: a module per noun of what it answers, and the client that asks."""

from gateway.clients.booking.basket import (
    ChangedDraft,
    Draft,
    Ignored,
    Movement,
    Office,
    Review,
    ReviewLine,
    Totals,
)
from gateway.clients.booking.bookings import Booking, Bookings
from gateway.clients.booking.calendar import (
    Aggregate,
    AggregateDay,
    Calendar,
    CalendarAsked,
    CalendarCell,
    CalendarDay,
    CalendarSeries,
    DayActivity,
    DayList,
)
from gateway.clients.booking.client import BookingClient
from gateway.clients.booking.confirmations import (
    Confirmation,
    ConfirmationLine,
    Request,
    Requests,
    RequestSummary,
    Settling,
)
from gateway.clients.booking.offer import (
    Activity,
    Centre,
    EligibleChild,
    Offer,
    OfferAndDraft,
    Period,
    Sitting,
)

__all__ = [
    "Activity",
    "Aggregate",
    "AggregateDay",
    "Booking",
    "BookingClient",
    "Bookings",
    "Calendar",
    "CalendarAsked",
    "CalendarCell",
    "CalendarDay",
    "CalendarSeries",
    "Centre",
    "ChangedDraft",
    "Confirmation",
    "ConfirmationLine",
    "DayActivity",
    "DayList",
    "Draft",
    "EligibleChild",
    "Ignored",
    "Movement",
    "Offer",
    "OfferAndDraft",
    "Office",
    "Period",
    "Request",
    "RequestSummary",
    "Requests",
    "Review",
    "ReviewLine",
    "Settling",
    "Sitting",
    "Totals",
]
