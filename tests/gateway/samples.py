"""Replies as the services give them, and every route of the API with the call that it makes."""

from dataclasses import dataclass, field
from typing import Any

TOKEN = "q7Vx0Zk3mT9wLr5sB1nY8cH2jD6fG4pA_uE-iOaXbQs"

ORGANISATION = {
    "id": "o-1",
    "slug": "carteville",
    "name": "Ville de Carteville",
    "time_zone": "Europe/Paris",
    "language": "fr",
    "announcements": [{"title": "Vacances d'hiver", "text": "Ouverture lundi."}],
}
SESSION = {
    "id": "s-1",
    "account_id": "a-1",
    "display_name": "Jeanne Martin",
    "login": "jeanne@martin.example",
    "language": "fr",
    "kind": "family",
    "organisation": {"id": "o-1", "slug": "carteville", "name": "Carteville", "time_zone": "Europe/Paris"},
    "family_id": "f-1",
    "guardian_id": "g-1",
    "roles": [],
    "centre_ids": [],
    "memberships": [
        {
            "organisation_id": "o-1",
            "slug": "carteville",
            "name": "Carteville",
            "family_id": "f-1",
            "roles": [],
        }
    ],
    "created_at": "2026-11-16T08:00:00Z",
    "idle_expires_at": "2026-11-16T08:30:00Z",
    "expires_at": "2026-11-16T20:00:00Z",
}
OWN_SESSION = {
    "id": "s-1",
    "created_at": "2026-11-16T08:00:00Z",
    "last_seen_at": "2026-11-16T08:05:00Z",
    "user_agent": "Firefox",
    "current": True,
}
CHILD = {
    "id": "c-1",
    "first_name": "Zoé",
    "last_name": "Martin",
    "birth_on": "2019-04-02",
    "school": "École du Parc",
    "school_class": "CP",
    "shared": False,
}
FAMILY = {
    "id": "f-1",
    "reference": "F0001",
    "name": "Martin",
    "language": "fr",
    "address_lines": ["1 rue des Lilas"],
    "phones": ["0102030405"],
    "guardians": [
        {"id": "g-1", "first_name": "Jeanne", "last_name": "Martin", "email": None, "phone": "0102030405"}
    ],
    "children": [CHILD],
}
ENROLMENT = {
    "id": "e-1",
    "child_id": "c-1",
    "activity_id": "act-1",
    "school_year": "2026-2027",
    "state": "accepted",
}
OFFER = {
    "children": [
        {
            "id": "c-1",
            "first_name": "Zoé",
            "last_name": "Martin",
            "birth_on": "2019-04-02",
            "activity_ids": ["act-1"],
        }
    ],
    "centres": [{"id": "ctr-1", "name": "Centre du Parc"}],
    "activities": [
        {
            "id": "act-1",
            "name": "Mercredi 3-6 ans",
            "group": "Loisirs",
            "centre_ids": ["ctr-1"],
            "day_parts": [{"day_part": "day", "arrives_at": "07:30", "leaves_at": "18:00"}],
            "charging_mode": "prepaid",
            "decision_mode": "instant",
            "needs_enrolment": False,
            "age_min": 3,
            "age_max": None,
            "limited": True,
        }
    ],
    "periods": [
        {
            "id": "p-1",
            "name": "Automne",
            "centre_ids": ["ctr-1"],
            "starts_on": "2026-11-02",
            "ends_on": "2026-12-18",
            "opens_at": "2026-10-01T06:00:00Z",
            "closes_at": None,
            "open": True,
        }
    ],
}
CELL = {
    "day": "2026-11-18",
    "state": "booked",
    "mark": "held",
    "would": None,
    "free": 3,
    "rank": None,
    "booking_id": "b-1",
    "held_until": "2026-11-16T08:25:00Z",
    "booking_closes_at": None,
    "cancelling_closes_at": "2026-11-16T23:00:00Z",
    "reason": None,
}
CALENDAR = {
    "from_on": "2026-11-18",
    "to_on": "2026-11-18",
    "days": [{"day": "2026-11-18", "holiday": None, "closure": None, "school_holiday": None}],
    "series": [
        {
            "child_id": "c-1",
            "activity_id": "act-1",
            "centre_id": "ctr-1",
            "day_part": "day",
            "days": [CELL],
        }
    ],
    "aggregates": [{"child_id": "c-1", "days": [{"day": "2026-11-18", "state": "booked"}]}],
}
DAY = {
    "day": "2026-11-18",
    "activities": [
        {
            "activity_id": "act-1",
            "activity_name": "Mercredi 3-6 ans",
            "centre_id": "ctr-1",
            "day_part": "day",
            "arrives_at": "07:30",
            "leaves_at": "18:00",
            "cell": CELL,
        }
    ],
}
MOVEMENT = {
    "action": "book",
    "child_id": "c-1",
    "activity_id": "act-1",
    "centre_id": "ctr-1",
    "day": "2026-11-18",
    "day_part": "day",
}
DRAFT = {"id": "d-1", "version": 3, "movements": [MOVEMENT], "updated_at": "2026-11-16T08:10:00.250Z"}
_PLACE = {
    "child_id": "c-1",
    "child_name": "Zoé Martin",
    "activity_id": "act-1",
    "activity_name": "Mercredi 3-6 ans",
    "centre_id": "ctr-1",
    "centre_name": "Centre du Parc",
    "day": "2026-11-18",
    "day_part": "day",
    "arrives_at": "07:30",
    "leaves_at": "18:00",
    "charging_mode": "prepaid",
}
OFFICE = {
    "cash_office_id": "co-1",
    "name": "Régie enfance",
    "bookings_cents": 1260,
    "credits_used_cents": 0,
    "amount_due_cents": 1260,
}
REVIEW = {
    "draft_id": "d-1",
    "draft_version": 3,
    "quote_id": "q-1",
    "expires_at": "2026-11-16T08:40:00Z",
    "bookings": [
        {
            **_PLACE,
            "line": 0,
            "cost_cents": 1260,
            "expected": "held",
            "reason": None,
            "rank": None,
            "cancellable_until": None,
        }
    ],
    "cancellations": [],
    "totals": {
        "bookings_cents": 1260,
        "cancellations_cents": 0,
        "credits_used_cents": 0,
        "amount_due_cents": 1260,
    },
    "offices": [OFFICE],
    "next": "pay",
}
LINE = {
    **_PLACE,
    "line": 0,
    "action": "book",
    "booking_id": "b-1",
    "verdict": "held",
    "reason": None,
    "rank": None,
    "held_until": "2026-11-16T08:35:00Z",
    "cost_cents": 1260,
}
CONFIRMATION = {
    "id": "cf-1",
    "state": "answered",
    "asked_at": "2026-11-16T08:10:00Z",
    "answered_at": "2026-11-16T08:10:01Z",
    "lines": [LINE],
    "requests": [
        {
            "id": "r-1",
            "number": "2026-000001",
            "child_id": "c-1",
            "centre_id": "ctr-1",
            "period_id": None,
            "state": "awaiting_payment",
        }
    ],
    "payment": {
        "state": "due",
        "held_until": "2026-11-16T08:35:00Z",
        "amount_due_cents": 1260,
        "offices": [OFFICE],
    },
}
REQUEST = {
    "id": "r-1",
    "number": "2026-000001",
    "child_id": "c-1",
    "child_name": "Zoé Martin",
    "centre_id": "ctr-1",
    "centre_name": "Centre du Parc",
    "period_id": None,
    "state": "awaiting_payment",
    "asked_at": "2026-11-16T08:10:00Z",
    "lines": [LINE],
}
BOOKING = {
    **_PLACE,
    "id": "b-1",
    "cost_cents": 1260,
    "state": "accepted",
    "rank": None,
    "held_until": None,
    "cancellable": True,
    "cancellable_until": "2026-11-16T23:00:00Z",
    "why_not": None,
    "confirmation_id": "cf-1",
}
WALLETS = {
    "data": [
        {
            "wallet_id": "w-1",
            "name": "Loisirs",
            "cash_office_id": "co-1",
            "cash_office_name": "Régie enfance",
            "mode": "prepaid",
            "balance_cents": -5,
            "estimated_cost_cents": 1260,
            "estimated_balance_cents": -1265,
        }
    ],
    "amount_due_cents": 1265,
    "bookings_cents": 1260,
    "estimated_balance_cents": -1265,
    "credits": [
        {
            "id": "cn-1",
            "number": "A-2026-1",
            "amount_cents": 900,
            "left_cents": 100,
            "cash_office_id": "co-1",
            "issued_at": "2026-11-10T08:00:00Z",
        }
    ],
}
CREDIT_NOTE = {
    **WALLETS["credits"][0],
    "cash_office_name": "Régie enfance",
    "reason": "cancelled",
    "booking_id": "b-2",
}
PAYMENT = {
    "id": "pay-1",
    "settlement_id": "cf-1",
    "cash_office_id": "co-1",
    "amount_cents": 1260,
    "state": "paid",
    "receipt_number": "2026-000012",
    "authorisation": "A1B2",
    "paid_at": "2026-11-16T08:12:00Z",
}
STARTED = {
    "id": "pay-1",
    "state": "redirected",
    "page_url": "http://pay.example/pay/1",
    "amount_cents": 1260,
    "expires_at": "2026-11-16T08:25:00Z",
}
PAYMENT_MADE = {
    "id": "pay-1",
    "paid_at": "2026-11-16T08:12:00Z",
    "method": "online",
    "reference": "X-1",
    "payer": "Jeanne Martin",
    "amount_cents": 1260,
    "receipt_number": "2026-000012",
    "cash_office_name": "Régie enfance",
}
DUE = {
    "settlement_id": "cf-1",
    "amount_due_cents": 1260,
    "held_until": "2026-11-16T08:35:00Z",
    "offices": [OFFICE],
}
MESSAGE = {
    "id": "m-1",
    "kind": "receipt",
    "subject": "Votre reçu",
    "to": "jeanne@martin.example",
    "state": "sent",
    "created_at": "2026-11-16T08:12:00Z",
    "sent_at": None,
}


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
        {"token": TOKEN, "session": SESSION},
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
    Route("GET", "/credit-notes", "/credit-notes", "billing.list_credit_notes", {"data": [CREDIT_NOTE]}),
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
    Route("GET", "/payments", "/payments", "billing.list_payments", {"data": [PAYMENT_MADE]}),
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
]
