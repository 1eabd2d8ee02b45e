"""Every operation of the API: how to ask for it, which call it makes, what that call answers."""

from dataclasses import dataclass, field
from typing import Any

from tests.gateway.samples.bookings import BOOKING, CONFIRMATION, REQUEST, REVIEW
from tests.gateway.samples.calendar import CALENDAR, DAY, DRAFT, MOVEMENT, OFFER
from tests.gateway.samples.money import (
    CREDIT_NOTE,
    DUE,
    MESSAGE,
    PAYMENT,
    PAYMENT_MADE,
    PREFERENCES,
    PRICE,
    PRINTED,
    STARTED,
    WALLETS,
)
from tests.gateway.samples.people import (
    CHILD,
    ENROLMENT,
    FAMILY,
    ORGANISATION,
    OWN_SESSION,
    SESSION,
    TOKEN,
)


@dataclass(frozen=True)
class Route:
    """One operation: how to ask for it, which call it makes, what that call answers."""

    method: str
    rule: str
    path: str
    call: str
    reply: dict[str, Any]
    status: int = 200
    body: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    key: bool = False
    open: bool = False
    prints: bool = False
    asked: dict[str, Any] = field(default_factory=dict)

    def __str__(self):
        return f"{self.method} {self.rule}"

    def send(self, client, **options):
        """Send the request; `options` replace what the route would send."""
        headers = {"Idempotency-Key": "k-1"} if self.key else {}
        headers.update(options.pop("headers", {}))
        sent = {"json": self.body} if self.body is not None else {}
        if self.form is not None:
            sent = {"data": self.form}
        return client.open("/api/v1" + self.path, method=self.method, headers=headers, **{**sent, **options})


ROUTES = [
    Route(
        "POST",
        "/sessions",
        "/sessions",
        "identity.log_in",
        {"token": TOKEN, "device_token": None, "session": SESSION},
        status=201,
        body={"login": "jeanne@martin.example", "password": "chat lune violette"},
        open=True,
        asked={"login": "jeanne@martin.example", "password": "chat lune violette"},
    ),
    Route("GET", "/sessions", "/sessions", "identity.list_sessions", {"data": [OWN_SESSION]}),
    Route("GET", "/sessions/current", "/sessions/current", "identity.resolve_session", {"session": SESSION}),
    Route("DELETE", "/sessions/current", "/sessions/current", "identity.log_out", {"closed": 1}, status=204),
    Route(
        "DELETE",
        "/sessions/{session_id}",
        "/sessions/s-2",
        "identity.close_session",
        {"closed": 1},
        status=204,
        asked={"session_id": "s-2"},
    ),
    Route(
        "PUT",
        "/sessions/current/organisation",
        "/sessions/current/organisation",
        "identity.switch_organisation",
        {"session": SESSION},
        body={"organisation_id": "o-1"},
        asked={"organisation_id": "o-1"},
    ),
    Route(
        "PUT",
        "/sessions/current/membership",
        "/sessions/current/membership",
        "identity.switch_organisation",
        {"session": SESSION},
        body={"membership_id": "m-1"},
        asked={"organisation_id": "o-1"},
    ),
    Route(
        "PUT",
        "/sessions/current/language",
        "/sessions/current/language",
        "identity.choose_language",
        {"session": SESSION},
        body={"language": "en"},
        asked={"language": "en"},
    ),
    Route(
        "GET",
        "/organisations/{slug}",
        "/organisations/carteville",
        "identity.get_organisation",
        {"organisation": ORGANISATION},
        open=True,
        asked={"slug": "carteville"},
    ),
    Route("GET", "/families/me", "/families/me", "family.get_family", {"family": FAMILY}),
    Route("GET", "/children", "/children", "family.list_children", {"data": [CHILD]}),
    Route("GET", "/enrolments", "/enrolments", "family.list_enrolments", {"data": [ENROLMENT]}),
    Route("GET", "/centres", "/centres", "booking.list_offer", OFFER),
    Route("GET", "/activities", "/activities?centre=ctr-1", "booking.list_offer", OFFER),
    Route("GET", "/periods", "/periods", "booking.list_offer", OFFER),
    Route(
        "GET",
        "/calendar",
        "/calendar?child=c-1&child=c-2&activity=act-1&centre=ctr-1&from=2026-11-01&to=2026-12-31",
        "booking.get_calendar",
        CALENDAR,
        asked={
            "child_ids": ["c-1", "c-2"],
            "from_on": "2026-11-01",
            "to_on": "2026-12-31",
            "activity_id": "act-1",
            "centre_id": "ctr-1",
        },
    ),
    Route(
        "GET",
        "/days/{day}",
        "/days/2026-11-18?child=c-1",
        "booking.get_day",
        DAY,
        asked={"child_id": "c-1", "day": "2026-11-18"},
    ),
    Route("POST", "/drafts", "/drafts", "booking.open_draft", {"draft": DRAFT}, body={}),
    Route("GET", "/drafts/{draft_id}", "/drafts/d-1", "booking.get_draft", {"draft": DRAFT}),
    Route(
        "PATCH",
        "/drafts/{draft_id}",
        "/drafts/d-1",
        "booking.change_draft",
        {"draft": DRAFT, "ignored": [{"movement": MOVEMENT, "code": "duplicate"}]},
        body={"add": [MOVEMENT]},
        asked={"draft_id": "d-1", "add": [MOVEMENT], "remove": []},
    ),
    Route("DELETE", "/drafts/{draft_id}", "/drafts/d-1", "booking.abandon_draft", {}, status=204),
    Route(
        "POST",
        "/drafts/{draft_id}/clear",
        "/drafts/d-1/clear",
        "booking.clear_draft",
        {"draft": DRAFT},
        body={},
    ),
    Route("GET", "/drafts/{draft_id}/review", "/drafts/d-1/review", "booking.review", {"review": REVIEW}),
    Route(
        "POST",
        "/drafts/{draft_id}/confirmation",
        "/drafts/d-1/confirmation",
        "booking.confirm",
        {"confirmation": CONFIRMATION},
        status=201,
        body={"quote_id": "q-1"},
        key=True,
    ),
    Route(
        "GET",
        "/confirmations/{confirmation_id}",
        "/confirmations/cf-1",
        "booking.get_confirmation",
        {"confirmation": CONFIRMATION},
    ),
    Route("GET", "/requests", "/requests", "booking.list_requests", {"data": [REQUEST], "next_cursor": None}),
    Route("GET", "/requests/{request_id}", "/requests/r-1", "booking.get_request", {"request": REQUEST}),
    Route(
        "GET",
        "/bookings",
        "/bookings?child=c-1&from=2026-11-01&to=2026-11-30&state=held&state=accepted&limit=10",
        "booking.list_bookings",
        {"data": [BOOKING], "next_cursor": None, "total_cents": 1260},
        asked={
            "child_id": "c-1",
            "from_on": "2026-11-01",
            "to_on": "2026-11-30",
            "states": ["held", "accepted"],
            "limit": 10,
        },
    ),
    Route(
        "POST",
        "/bookings/{booking_id}/cancellation",
        "/bookings/b-1/cancellation",
        "booking.cancel",
        {"confirmation": CONFIRMATION},
        status=201,
        body={},
        key=True,
    ),
    Route(
        "GET",
        "/wallets",
        "/wallets?until=2026-12-31&pending=true",
        "billing.list_wallets",
        WALLETS,
        asked={"until_on": "2026-12-31", "pending": True},
    ),
    Route("GET", "/prices", "/prices", "billing.list_prices", {"data": [PRICE]}),
    Route("GET", "/credit-notes", "/credit-notes", "billing.list_credit_notes", {"data": [CREDIT_NOTE]}),
    Route(
        "GET",
        "/requests/{request_id}/request.pdf",
        "/requests/r-1/request.pdf",
        "booking.print_request",
        {"document": PRINTED},
        asked={"request_id": "r-1", "language": "fr"},
        prints=True,
    ),
    Route(
        "GET",
        "/drafts/{draft_id}/review.pdf",
        "/drafts/d-1/review.pdf",
        "booking.print_review",
        {"document": PRINTED},
        asked={"draft_id": "d-1", "language": "fr"},
        prints=True,
    ),
    Route(
        "GET",
        "/credit-notes/{credit_note_id}/document.pdf",
        "/credit-notes/cn-1/document.pdf",
        "billing.print_credit_note",
        {"document": PRINTED},
        asked={"credit_note_id": "cn-1", "language": "fr"},
        prints=True,
    ),
    Route("GET", "/settlements/due", "/settlements/due", "billing.list_settlements_due", {"data": [DUE]}),
    Route(
        "POST",
        "/payments",
        "/payments",
        "billing.start_payment",
        {"payment": STARTED},
        status=201,
        body={"settlement_id": "cf-1", "email": "jeanne@martin.example"},
        key=True,
    ),
    Route(
        "POST",
        "/payments",
        "/payments",
        "billing.start_payment",
        {"payment": STARTED},
        status=201,
        body={"settlement_ids": ["cf-1", "cf-2"], "cash_office_id": "co-1"},
        key=True,
        asked={"settlement_ids": ["cf-1", "cf-2"], "cash_office_id": "co-1"},
    ),
    Route("GET", "/payments", "/payments", "billing.list_payments", {"data": [PAYMENT_MADE]}),
    Route(
        "GET",
        "/payments/{payment_id}/receipt.pdf",
        "/payments/pay-1/receipt.pdf",
        "billing.print_receipt",
        {"document": PRINTED},
        asked={"payment_id": "pay-1", "language": "fr"},
        prints=True,
    ),
    Route("GET", "/payments/{payment_id}", "/payments/pay-1", "billing.get_payment", {"payment": PAYMENT}),
    Route(
        "POST",
        "/payment-callbacks",
        "/payment-callbacks",
        "billing.record_payment",
        {"payment_id": "pay-1", "state": "paid"},
        status=204,
        form={"id": "provider-77", "extra": "ignored"},
        open=True,
        asked={"provider_reference": "provider-77"},
    ),
    Route("GET", "/messages", "/messages", "notify.list_messages", {"data": [MESSAGE]}),
    Route(
        "GET",
        "/messages/{message_id}",
        "/messages/m-1",
        "notify.get_message",
        {"message": {**MESSAGE, "text": "Bonjour"}},
        asked={"message_id": "m-1"},
    ),
    Route("GET", "/messages/preferences", "/messages/preferences", "notify.get_preferences", PREFERENCES),
    Route(
        "PUT",
        "/messages/preferences",
        "/messages/preferences",
        "notify.put_preferences",
        PREFERENCES,
        body={"telling": "daily"},
        asked={"telling": "daily"},
    ),
]
