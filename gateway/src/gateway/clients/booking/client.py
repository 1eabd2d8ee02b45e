"""The calls to booking."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import cast

from chassis.values.context import Context
from chassis.values.errors import Refused
from gateway.clients.asking import Ask, Printed, given, read
from gateway.clients.booking.basket import ChangedDraft, Draft, Movement, Review
from gateway.clients.booking.bookings import Bookings
from gateway.clients.booking.calendar import Calendar, CalendarAsked, DayList
from gateway.clients.booking.confirmations import Confirmation, Request, Requests
from gateway.clients.booking.offer import Offer, OfferAndDraft


class BookingClient:
    """What the children of the family in the context may book, and have booked."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def list_offer(self, context: Context) -> Offer:
        """Return what the family may choose from."""
        return read(Offer, self._ask("list_offer", context, {}))

    def list_offer_and_draft(self, context: Context) -> OfferAndDraft:
        """Return the same and the account's open draft, as `open_draft` does, in one call."""
        return read(OfferAndDraft, self._ask("list_offer", context, {"with_draft": True}))

    def list_planning(
        self, context: Context, calendar: CalendarAsked
    ) -> tuple[OfferAndDraft, Calendar | None]:
        """Return the offer, the draft and the days that are asked for, in one call.

        Without days where a child or an activity is not there, or booking is of an earlier release.
        """
        try:
            reply = self._ask("list_offer", context, {"with_draft": True, "calendar": asdict(calendar)})
        except Refused as refusal:
            if refusal.code not in {"not_found", "malformed"}:
                raise
            return self.list_offer_and_draft(context), None
        return read(OfferAndDraft, reply), cast("Calendar", reply["calendar"])

    def get_calendar(  # noqa: PLR0913 - one argument per field of the request
        self,
        context: Context,
        *,
        child_ids: Sequence[str],
        from_on: str,
        to_on: str,
        activity_id: str | None = None,
        centre_id: str | None = None,
    ) -> Calendar:
        """Return the days of at most 10 children and 62 days, as they came."""
        request = given(
            child_ids=list(child_ids),
            from_on=from_on,
            to_on=to_on,
            activity_id=activity_id,
            centre_id=centre_id,
        )
        return cast("Calendar", self._ask("get_calendar", context, request))

    def get_day(self, context: Context, child_id: str, day: str, centre_id: str | None = None) -> DayList:
        """Return one child's day with its activities, as they came."""
        request = given(child_id=child_id, day=day, centre_id=centre_id)
        return cast("DayList", self._ask("get_day", context, request))

    def open_draft(self, context: Context) -> Draft:
        """Return the account's open draft, made when there is none."""
        return read(Draft, self._ask("open_draft", context, {})["draft"])

    def get_draft(self, context: Context, draft_id: str) -> Draft:
        """Return a draft; refused not_found."""
        return read(Draft, self._ask("get_draft", context, {"draft_id": draft_id})["draft"])

    def change_draft(
        self,
        context: Context,
        draft_id: str,
        *,
        add: Sequence[Movement] = (),
        remove: Sequence[Movement] = (),
    ) -> ChangedDraft:
        """Return the draft after the change, and the movements that it did not take."""
        request = {"draft_id": draft_id, "add": _wire(add), "remove": _wire(remove)}
        return read(ChangedDraft, self._ask("change_draft", context, request))

    def clear_draft(self, context: Context, draft_id: str) -> Draft:
        """Return the draft, empty."""
        return read(Draft, self._ask("clear_draft", context, {"draft_id": draft_id})["draft"])

    def abandon_draft(self, context: Context, draft_id: str) -> None:
        """Throw the draft away."""
        self._ask("abandon_draft", context, {"draft_id": draft_id})

    def review(self, context: Context, draft_id: str) -> Review:
        """Return the review with its quote, valid until it expires; refused draft_empty."""
        return read(Review, self._ask("review", context, {"draft_id": draft_id})["review"])

    def confirm(
        self, context: Context, draft_id: str, quote_id: str, *, key: str, body_sha256: str
    ) -> Confirmation:
        """Return the confirmation.

        Refused review_stale, confirmation_in_progress, idempotency_mismatch, draft_empty, not_found.
        """
        request = {"draft_id": draft_id, "quote_id": quote_id, "key": key, "body_sha256": body_sha256}
        return read(Confirmation, self._ask("confirm", context, request)["confirmation"])

    def cancel(self, context: Context, booking_id: str, *, key: str, body_sha256: str) -> Confirmation:
        """Return the confirmation of one line that cancels a booking."""
        request = {"booking_id": booking_id, "key": key, "body_sha256": body_sha256}
        return read(Confirmation, self._ask("cancel", context, request)["confirmation"])

    def get_confirmation(self, context: Context, confirmation_id: str) -> Confirmation:
        """Return a confirmation as it stands; refused not_found."""
        reply = self._ask("get_confirmation", context, {"confirmation_id": confirmation_id})
        return read(Confirmation, reply["confirmation"])

    def list_bookings(  # noqa: PLR0913 - one argument per filter
        self,
        context: Context,
        *,
        child_id: str | None = None,
        from_on: str | None = None,
        to_on: str | None = None,
        states: Sequence[str] = (),
        cursor: str | None = None,
        limit: int = 50,
    ) -> Bookings:
        """Return a page of the family's bookings."""
        request = given(
            child_id=child_id,
            from_on=from_on,
            to_on=to_on,
            states=list(states) or None,
            cursor=cursor,
            limit=limit,
        )
        return read(Bookings, self._ask("list_bookings", context, request))

    def list_requests(self, context: Context, *, cursor: str | None = None, limit: int = 50) -> Requests:
        """Return a page of the family's requests."""
        return read(Requests, self._ask("list_requests", context, given(cursor=cursor, limit=limit)))

    def get_request(self, context: Context, request_id: str) -> Request:
        """Return a request with its lines; refused not_found."""
        return read(Request, self._ask("get_request", context, {"request_id": request_id})["request"])

    def print_request(self, context: Context, request_id: str, language: str) -> Printed:
        """Return a request as a document; refused not_found."""
        request = {"request_id": request_id, "language": language}
        return read(Printed, self._ask("print_request", context, request)["document"])

    def print_review(self, context: Context, draft_id: str, language: str) -> Printed:
        """Return the review of a draft as a document, as it was last shown; refused not_found."""
        request = {"draft_id": draft_id, "language": language}
        return read(Printed, self._ask("print_review", context, request)["document"])


def _wire(movements: Sequence[Movement]) -> list[dict[str, str]]:
    return [asdict(movement) for movement in movements]
