"""Booking's published language, version 1: what its doors accept and answer, and the events that it tells.

One golden example of every message lies in `contract/v1/` of the service's folder.
"""

from marshmallow import Schema

from booking.contract.bookings import Booking, BookingList, ListBookingsRequest
from booking.contract.confirmations import (
    CancelRequest,
    Confirmation,
    ConfirmationReply,
    ConfirmRequest,
    GetConfirmationRequest,
    GetRequestRequest,
    ListRequestsRequest,
    RequestList,
    RequestReply,
)
from booking.contract.drafts import (
    ChangedDraft,
    ChangeDraftRequest,
    DraftReply,
    DraftRequest,
    Nothing,
    OpenDraftRequest,
    Review,
    ReviewReply,
)
from booking.contract.events import EVENTS, BookingFacts
from booking.contract.offer import Calendar, Day, GetCalendarRequest, GetDayRequest, ListOfferRequest, Offer

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
