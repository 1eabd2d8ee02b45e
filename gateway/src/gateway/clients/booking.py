"""booking: the offer, calendars, drafts, confirmations, bookings."""

from collections.abc import Sequence
from typing import Any

from chassis.values.context import Context
from gateway.clients.language import Ask, Reply, given

Movement = dict[str, Any]


class Booking:
    """What the children of the family in the context may book, and have booked."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def list_offer(self, context: Context, *, with_draft: bool = False) -> Reply:
        """Return {children, centres, activities, periods}; with_draft: and {draft}, as `open_draft` does."""
        return self._ask("list_offer", context, {"with_draft": True} if with_draft else {})

    def get_calendar(  # noqa: PLR0913 - one argument per field of the request
        self,
        context: Context,
        *,
        child_ids: Sequence[str],
        from_on: str,
        to_on: str,
        activity_id: str | None = None,
        centre_id: str | None = None,
    ) -> Reply:
        """Return {from_on, to_on, days, series, aggregates}; at most 10 children and 62 days."""
        request = given(
            child_ids=list(child_ids),
            from_on=from_on,
            to_on=to_on,
            activity_id=activity_id,
            centre_id=centre_id,
        )
        return self._ask("get_calendar", context, request)

    def get_day(self, context: Context, child_id: str, day: str, centre_id: str | None = None) -> Reply:
        """Return {day, activities: [{activity_id, activity_name, centre_id, day_part, …, cell}]}."""
        return self._ask("get_day", context, given(child_id=child_id, day=day, centre_id=centre_id))

    def open_draft(self, context: Context) -> Reply:
        """Return {draft}: the account's open one, made when there is none."""
        return self._ask("open_draft", context, {})

    def get_draft(self, context: Context, draft_id: str) -> Reply:
        """Return {draft}; refused not_found."""
        return self._ask("get_draft", context, {"draft_id": draft_id})

    def change_draft(
        self,
        context: Context,
        draft_id: str,
        *,
        add: Sequence[Movement] = (),
        remove: Sequence[Movement] = (),
    ) -> Reply:
        """Return {draft, ignored: [{movement, code}]}."""
        request = {"draft_id": draft_id, "add": list(add), "remove": list(remove)}
        return self._ask("change_draft", context, request)

    def clear_draft(self, context: Context, draft_id: str) -> Reply:
        """Return {draft}, empty."""
        return self._ask("clear_draft", context, {"draft_id": draft_id})

    def abandon_draft(self, context: Context, draft_id: str) -> Reply:
        """Throw the draft away; return {}."""
        return self._ask("abandon_draft", context, {"draft_id": draft_id})

    def review(self, context: Context, draft_id: str) -> Reply:
        """Return {review} with its quote, valid until expires_at; refused draft_empty."""
        return self._ask("review", context, {"draft_id": draft_id})

    def confirm(self, context: Context, draft_id: str, quote_id: str, *, key: str, body_sha256: str) -> Reply:
        """Return {confirmation}.

        Refused review_stale, confirmation_in_progress, idempotency_mismatch, draft_empty, not_found.
        """
        request = {"draft_id": draft_id, "quote_id": quote_id, "key": key, "body_sha256": body_sha256}
        return self._ask("confirm", context, request)

    def cancel(self, context: Context, booking_id: str, *, key: str, body_sha256: str) -> Reply:
        """Return {confirmation} of one line."""
        request = {"booking_id": booking_id, "key": key, "body_sha256": body_sha256}
        return self._ask("cancel", context, request)

    def get_confirmation(self, context: Context, confirmation_id: str) -> Reply:
        """Return {confirmation}."""
        return self._ask("get_confirmation", context, {"confirmation_id": confirmation_id})

    def list_bookings(  # noqa: PLR0913 - one argument per filter
        self,
        context: Context,
        *,
        child_id: str | None = None,
        from_on: str | None = None,
        to_on: str | None = None,
        states: Sequence[str] | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Reply:
        """Return {data: [booking], next_cursor, total_cents}."""
        request = given(
            child_id=child_id,
            from_on=from_on,
            to_on=to_on,
            states=list(states) if states else None,
            cursor=cursor,
            limit=limit,
        )
        return self._ask("list_bookings", context, request)

    def list_requests(self, context: Context, *, cursor: str | None = None, limit: int = 50) -> Reply:
        """Return {data: [request], next_cursor}."""
        return self._ask("list_requests", context, given(cursor=cursor, limit=limit))

    def get_request(self, context: Context, request_id: str) -> Reply:
        """Return {request} with its lines."""
        return self._ask("get_request", context, {"request_id": request_id})
