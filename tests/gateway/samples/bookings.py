"""What was chosen: a review, its confirmation, requests and bookings."""

from tests.gateway.samples.money import OFFICE

PLACE = {
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
REVIEW = {
    "draft_id": "d-1",
    "draft_version": 3,
    "quote_id": "q-1",
    "expires_at": "2026-11-16T08:40:00Z",
    "bookings": [
        {
            **PLACE,
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
    **PLACE,
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
            "period_name": "Automne",
            "state": "awaiting_payment",
        }
    ],
    "payment": {
        "state": "due",
        "held_until": "2026-11-16T08:35:00Z",
        "amount_due_cents": 1260,
        "offices": [OFFICE],
        "credit_notes": [{"booking_id": "b-2", "number": "A-ENFANCE-2026-000007", "amount_cents": 500}],
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
    "period_name": None,
    "state": "awaiting_payment",
    "asked_at": "2026-11-16T08:10:00Z",
    "lines": [LINE],
}
BOOKING = {
    **PLACE,
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
