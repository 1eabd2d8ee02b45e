"""The balance page through the doors, on a real broker and database, beside the real payment simulator."""

from datetime import timedelta

from tests.billing.asking import FACTS, confirmed
from tests.billing.town import FAMILY, NOW, ORGANISATION, SCOPE


def test_the_balance_page_shows_wallets_credit_notes_and_what_is_due(billing):
    confirmed(billing)
    billing.hear(
        "organisation_changed", {"organisation_id": ORGANISATION, "slug": "c", "time_zone": "Europe/Paris"}
    )
    later = FACTS | {
        "booking_id": "later",
        "charging_mode": "invoiced",
        "activity_id": "care",
        "activity_group": "care",
    }
    billing.hear("booking_accepted", later | {"how": "booked"}, sequence=1)
    billing.hear("booking_accepted", FACTS | {"how": "paid"}, sequence=1)
    page = billing.ana("list_wallets", pending=True)
    assert (page["amount_due_cents"], page["bookings_cents"]) == (500, 500)
    assert {line["name"]: line["estimated_cost_cents"] for line in page["data"]} == {
        "Cantine": 0,
        "Loisirs": 500,
        "Périscolaire": 0,
    }
    assert billing.ana("list_wallets")["bookings_cents"] == 0
    coming = (SCOPE, FAMILY, NOW.date(), NOW.date() + timedelta(days=9))
    assert len(billing.store.consumption.to_come(*coming)) == 1
    billing.hear("booking_cancelled", later | {"was": "accepted", "in_time": True}, sequence=2)
    assert billing.store.consumption.to_come(*coming) == []
