"""What it costs and how it is paid: wallets, credit notes, payments; and the mail that says so."""

OFFICE = {
    "cash_office_id": "co-1",
    "name": "Régie enfance",
    "bookings_cents": 1260,
    "credits_used_cents": 0,
    "amount_due_cents": 1260,
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
PRICE = {"activity_id": "act-1", "price_cents": 1260, "valid_from": "2026-09-01", "valid_to": None}
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
    "page_open_until": None,
    "resolution": None,
    "orders": [{"settlement_id": "cf-1", "amount_cents": 1260, "settled": True}],
    "credited_cents": 0,
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
    "being_checked": [],
}
LETTER_TEXT = """Bonjour Jeanne Martin,

Votre paiement de 12,60 € est arrivé : <b>merci</b>.

Mes réservations : http://portal.example/bookings

--\x20
Ville de Carteville.
"""
MESSAGE = {
    "id": "m-1",
    "kind": "receipt",
    "subject": "Votre reçu",
    "to": "jeanne@martin.example",
    "state": "sent",
    "created_at": "2026-11-16T08:12:00Z",
    "sent_at": None,
    "excerpt": "Votre paiement est arrivé.",
    "read": True,
}
PREFERENCES = {"preferences": {"telling": "daily", "digest_at": "07:00"}}
LETTER = {**MESSAGE, "text": LETTER_TEXT}

PRINTED = {"name": "R-ENFANCE-2026-000042.pdf", "pdf": "JVBERi0xLjcK"}
