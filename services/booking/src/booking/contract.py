"""Booking's published language, version 1: what its doors accept and answer, and the events that it tells.

One golden example of every message lies in `contract/v1/` of the service's folder.
"""

from marshmallow import Schema

from booking.basket.contract import (
    ChangedDraft,
    ChangeDraftRequest,
    DraftReply,
    DraftRequest,
    Nothing,
    OpenDraftRequest,
    Review,
    ReviewReply,
)
from booking.bookings.contract import Booking, BookingList, ListBookingsRequest
from booking.confirmations.contract import (
    CancelRequest,
    Confirmation,
    ConfirmationAnswered,
    ConfirmationReply,
    ConfirmRequest,
    GetConfirmationRequest,
    GetRequestRequest,
    ListRequestsRequest,
    RequestList,
    RequestReply,
)
from booking.offer.contract import ListOfferRequest, Offer
from booking.planning.contract import Calendar, Day, GetCalendarRequest, GetDayRequest
from booking.seats.contract import (
    BookingAccepted,
    BookingCancelled,
    BookingFacts,
    BookingHeld,
    BookingRefused,
    BookingRequested,
    BookingWaitlisted,
    CancellationAsked,
    CancellationDeclined,
    HoldExpired,
    SeatLost,
    SeatPromoted,
    WaitingEnded,
)
from chassis.storage.outbox import EventType

VERSION = 1

RPCS: dict[str, tuple[Schema, Schema]] = {
    "list_offer": (ListOfferRequest(), Offer()),
    "get_calendar": (GetCalendarRequest(), Calendar()),
    "get_day": (GetDayRequest(), Day()),
    "open_draft": (OpenDraftRequest(), DraftReply()),
    "get_draft": (DraftRequest(), DraftReply()),
    "change_draft": (ChangeDraftRequest(), ChangedDraft()),
    "clear_draft": (DraftRequest(), DraftReply()),
    "abandon_draft": (DraftRequest(), Nothing()),
    "review": (DraftRequest(), ReviewReply()),
    "confirm": (ConfirmRequest(), ConfirmationReply()),
    "cancel": (CancelRequest(), ConfirmationReply()),
    "get_confirmation": (GetConfirmationRequest(), ConfirmationReply()),
    "list_bookings": (ListBookingsRequest(), BookingList()),
    "list_requests": (ListRequestsRequest(), RequestList()),
    "get_request": (GetRequestRequest(), RequestReply()),
}

EVENTS: dict[str, EventType] = {
    "booking_accepted": EventType(schema=BookingAccepted(), subscribers=("billing",)),
    "booking_held": EventType(schema=BookingHeld(), subscribers=()),
    "booking_waitlisted": EventType(schema=BookingWaitlisted(), subscribers=()),
    "booking_requested": EventType(schema=BookingRequested(), subscribers=()),
    "booking_refused": EventType(schema=BookingRefused(), subscribers=()),
    "cancellation_asked": EventType(schema=CancellationAsked(), subscribers=()),
    "cancellation_declined": EventType(schema=CancellationDeclined(), subscribers=()),
    "booking_cancelled": EventType(schema=BookingCancelled(), subscribers=("billing",)),
    "hold_expired": EventType(schema=HoldExpired(), subscribers=("billing", "notify")),
    "seat_promoted": EventType(schema=SeatPromoted(), subscribers=("billing", "notify")),
    "seat_lost": EventType(schema=SeatLost(), subscribers=("billing", "notify")),
    "waiting_ended": EventType(schema=WaitingEnded(), subscribers=()),
    "confirmation_answered": EventType(schema=ConfirmationAnswered(), subscribers=("notify",)),
}

REFUSALS = (
    "malformed",
    "forbidden",
    "not_found",
    "conflict",
    "draft_empty",
    "draft_full",
    "review_stale",
    "confirmation_in_progress",
    "idempotency_mismatch",
    "not_booked",
    "past_deadline",
    "unavailable",
)

__all__ = [
    "EVENTS",
    "REFUSALS",
    "RPCS",
    "VERSION",
    "Booking",
    "BookingFacts",
    "BookingList",
    "Calendar",
    "CancelRequest",
    "ChangeDraftRequest",
    "ChangedDraft",
    "ConfirmRequest",
    "Confirmation",
    "ConfirmationReply",
    "Day",
    "DraftReply",
    "DraftRequest",
    "GetCalendarRequest",
    "GetConfirmationRequest",
    "GetDayRequest",
    "GetRequestRequest",
    "ListBookingsRequest",
    "ListOfferRequest",
    "ListRequestsRequest",
    "Nothing",
    "Offer",
    "OpenDraftRequest",
    "RequestList",
    "RequestReply",
    "Review",
    "ReviewReply",
]
