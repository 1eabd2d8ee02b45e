"""A small town behind the pages: two children, three activities, days that stand in every state.

It answers as the services do and keeps a draft; nothing of it is a rule.
"""

from datetime import UTC, date, datetime, timedelta

from chassis.values.errors import Refused
from tests.gateway import samples

ZOE, LEO = "c-zoe", "c-leo"
WEDNESDAY, CANTEEN = "act-wednesday", "act-canteen"
PARK, SCHOOL = "ctr-park", "ctr-school"
STATES = (
    "closed",
    "full",
    "open",
    "waiting_open",
    "booked",
    "waitlisted",
    "booked_locked",
    "waitlisted_locked",
)
AGGREGATES = (
    "none_open",
    "all_full",
    "some_open",
    "some_waiting",
    "booked",
    "booked_waiting",
    "booked_locked",
    "booked_waiting_locked",
)
MARKS = (None, "held", "requested", "submitted", "cancellation_requested")

SESSION = {**samples.SESSION, "organisation": {**samples.SESSION["organisation"], "slug": "carteville"}}
REQUEST = {**samples.REQUEST, "period_name": "Automne", "state": "partly_accepted"}
CANCELLATION = {
    **samples.REQUEST,
    "id": "r-2",
    "number": "2026-000002",
    "state": "cancelled",
    "lines": [{**samples.LINE, "action": "cancel", "verdict": "cancelled"}],
}
OFFER = {
    "children": [
        {
            "id": ZOE,
            "first_name": "Zoé",
            "last_name": "Martin",
            "birth_on": "2019-04-02",
            "activity_ids": [WEDNESDAY, CANTEEN],
        },
        {
            "id": LEO,
            "first_name": "Léo <b>",
            "last_name": "Martin",
            "birth_on": "2021-04-02",
            "activity_ids": [CANTEEN],
        },
    ],
    "centres": [{"id": PARK, "name": "Centre du Parc"}, {"id": SCHOOL, "name": "École"}],
    "activities": [
        {
            **samples.OFFER["activities"][0],
            "id": WEDNESDAY,
            "name": "Mercredi 6-11 ans",
            "group": "Loisirs",
            "centre_ids": [PARK],
        },
        {
            **samples.OFFER["activities"][0],
            "id": CANTEEN,
            "name": "Cantine",
            "group": "Restauration",
            "centre_ids": [SCHOOL],
        },
    ],
    "periods": [
        {
            "id": "p-autumn",
            "name": "Automne",
            "centre_ids": [PARK, SCHOOL],
            "starts_on": "2026-11-02",
            "ends_on": "2027-01-10",
            "opens_at": "2026-10-01T06:00:00Z",
            "closes_at": None,
            "open": True,
        },
        {
            "id": "p-past",
            "name": "Été",
            "centre_ids": [PARK],
            "starts_on": "2026-07-02",
            "ends_on": "2026-08-10",
            "opens_at": "2026-06-01T06:00:00Z",
            "closes_at": None,
            "open": False,
        },
    ],
}


BOOKINGS = [
    samples.BOOKING,
    {**samples.BOOKING, "id": "b-2", "cancellable": False, "why_not": "past_deadline"},
    {**samples.BOOKING, "id": "b-3", "state": "waitlisted", "rank": 1, "cost_cents": None},
]


def days_between(first, last):
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def cell(day, **changes):
    state = STATES[date.fromisoformat(day).day % len(STATES)]
    booked = state in {"booked", "booked_locked"}
    found = {
        "day": day,
        "state": state,
        "mark": MARKS[date.fromisoformat(day).day % len(MARKS)] if booked else None,
        "would": "held" if state == "open" else None,
        "free": 3 if state == "open" else None,
        "rank": 2 if state.startswith("waitlisted") else None,
        "booking_id": None,
        "held_until": None,
        "booking_closes_at": "2026-11-17T08:00:00Z",
        "cancelling_closes_at": "2026-11-16T23:00:00Z",
        "reason": "past_deadline" if state == "closed" else None,
    }
    return {**found, **changes}


class StoppedClock:
    """A clock that stands at noon of 16 November 2026."""

    def now(self):
        return datetime(2026, 11, 16, 11, tzinfo=UTC)


class FakeServices:
    """A fake of all services behind `clients.connect`: it keeps a draft and what was asked."""

    def __init__(self):
        self.movements = []
        self.calls = []
        self.contexts = {}
        self.slugs, self.session, self.device_token = {"carteville"}, SESSION, "d" * 43
        self.refusing = {}
        self.memberships = SESSION["memberships"]
        self.membership_id = SESSION["membership_id"]
        self.payment = samples.PAYMENT
        self.due = [samples.DUE]
        self.confirmation = samples.CONFIRMATION
        self.quote_id = samples.REVIEW["quote_id"]
        self.reviewed = {}
        self.bookings = BOOKINGS
        self.messages = [samples.MESSAGE]
        self.telling, self.language = "at_once", SESSION["language"]

    def call(self, service, method, context, request, timeout_s=2.0):
        self.calls.append((f"{service}.{method}", request))
        self.contexts[f"{service}.{method}"] = context
        refusal = self.refusing.get(f"{service}.{method}")
        if refusal is not None:
            raise refusal
        return getattr(self, method)(request)

    def asked(self, name):
        return [request for called, request in self.calls if called == name]

    @property
    def draft(self):
        return {
            "id": "d-1",
            "version": 1,
            "movements": list(self.movements),
            "updated_at": "2026-11-16T08:00:00Z",
        }

    def get_organisation(self, request):
        if request["slug"] not in self.slugs:
            raise Refused("not_found")
        return {"organisation": {**samples.ORGANISATION, "slug": request["slug"]}}

    def log_in(self, request):
        if request["password"] != "chat lune violette":
            raise Refused("invalid_credentials")
        return {"token": samples.TOKEN, "session": self.session, "device_token": self.device_token}

    def resolve_session(self, request):
        return {
            "session": {
                **self.session,
                "memberships": self.memberships,
                "membership_id": self.membership_id,
                "language": self.language,
            }
        }

    def log_out(self, request):
        return {"closed": 1}

    def list_sessions(self, request):
        return {"data": [samples.OWN_SESSION]}

    def close_session(self, request):
        return {"closed": 1}

    def switch_organisation(self, request):
        return {"session": SESSION}

    def get_family(self, request):
        return {"family": samples.FAMILY}

    def list_offer(self, request):
        found = {**OFFER, "draft": self.draft} if request.get("with_draft") else OFFER
        asked = request.get("calendar")
        if asked is None:
            return found
        if set(asked["child_ids"]) - {ZOE, LEO}:
            raise Refused("not_found")
        return {**found, "calendar": self.get_calendar(asked)}

    def list_prices(self, request):
        return {
            "data": [
                {**samples.PRICE, "activity_id": WEDNESDAY},
                {**samples.PRICE, "activity_id": CANTEEN, "price_cents": 376},
            ]
        }

    def list_credit_notes(self, request):
        return {"data": [samples.CREDIT_NOTE]}

    def get_calendar(self, request):
        shown = days_between(request["from_on"], request["to_on"])
        notes = [
            {
                "day": day,
                "holiday": "Noël" if day.endswith("12-25") else None,
                "closure": None,
                "school_holiday": "Noël" if day >= "2026-12-19" else None,
            }
            for day in shown
        ]
        series, aggregates = [], []
        for child_id in request["child_ids"]:
            series += [
                {
                    "child_id": child_id,
                    "activity_id": activity_id,
                    "centre_id": PARK if activity_id == WEDNESDAY else SCHOOL,
                    "day_part": "day",
                    "days": [cell(day) for day in shown],
                }
                for activity_id in (
                    [request["activity_id"]] if request.get("activity_id") else [WEDNESDAY, CANTEEN]
                )
            ]
            if not request.get("activity_id"):
                states = [(day, AGGREGATES[date.fromisoformat(day).day % 8]) for day in shown]
                aggregates.append(
                    {"child_id": child_id, "days": [{"day": day, "state": state} for day, state in states]}
                )
        return {
            "from_on": shown[0],
            "to_on": shown[-1],
            "days": notes,
            "series": series,
            "aggregates": aggregates,
        }

    def get_day(self, request):
        row = {**samples.DAY["activities"][0], "centre_id": PARK, "cell": cell("2026-11-18")}
        return {"day": request["day"], "activities": [{**row, "activity_id": WEDNESDAY}]}

    def open_draft(self, request):
        return {"draft": self.draft}

    def change_draft(self, request):
        if request["draft_id"] != "d-1":
            raise Refused("not_found")
        self.movements = [m for m in self.movements if m not in request["remove"]] + request["add"]
        return {"draft": self.draft, "ignored": []}

    def clear_draft(self, request):
        self.movements = []
        return {"draft": self.draft}

    def abandon_draft(self, request):
        self.movements = []
        return {}

    def review(self, request):
        cancelled = {**samples.REVIEW["bookings"][0], "line": 1, "expected": "cancelled"}
        changed = {"quote_id": self.quote_id, "cancellations": [cancelled], **self.reviewed}
        return {"review": {**samples.REVIEW, **changed}}

    def confirm(self, request):
        if request["quote_id"] != self.quote_id:
            raise Refused("review_stale")
        self.movements = []
        return {"confirmation": self.confirmation}

    def cancel(self, request):
        return {"confirmation": samples.CONFIRMATION}

    def get_confirmation(self, request):
        if request["confirmation_id"] != "cf-1":
            raise Refused("not_found")
        return {"confirmation": self.confirmation}

    def list_bookings(self, request):
        return {"data": self.bookings, "next_cursor": "more", "total_cents": 123450}

    def list_wallets(self, request):
        return samples.WALLETS

    def list_requests(self, request):
        return {"data": [REQUEST, CANCELLATION], "next_cursor": None if "cursor" in request else "more"}

    def get_request(self, request):
        return {"request": {"r-1": REQUEST, "r-2": CANCELLATION}[request["request_id"]]}

    def print_request(self, request):
        return {"document": samples.PRINTED}

    def print_review(self, request):
        return {"document": samples.PRINTED}

    def print_receipt(self, request):
        return {"document": samples.PRINTED}

    def print_credit_note(self, request):
        return {"document": samples.PRINTED}

    def list_payments(self, request):
        return {"data": [samples.PAYMENT_MADE]}

    def list_settlements_due(self, request):
        return {"data": self.due}

    def start_payment(self, request):
        return {"payment": samples.STARTED}

    def record_payment(self, request):
        known = request["provider_reference"] != "unknown"
        return {"payment_id": "pay-1", "state": "paid"} if known else {"payment_id": None, "state": None}

    def get_payment(self, request):
        return {"payment": self.payment}

    def choose_language(self, request):
        self.language = request["language"]
        return self.resolve_session(request)

    def get_preferences(self, request):
        if self.telling is None:
            raise Refused("not_found")
        return {"preferences": {"telling": self.telling, "digest_at": "07:00"}}

    def put_preferences(self, request):
        self.telling = request["telling"]
        return self.get_preferences(request)

    def list_messages(self, request):
        return {"data": self.messages}

    def get_message(self, request):
        found = [each for each in self.messages if each["id"] == request["message_id"]]
        if not found:
            raise Refused("not_found")
        return {"message": {**found[0], "text": samples.LETTER["text"]}}
