"""Settling through the doors, on a real broker and database, beside the real payment simulator."""

import pytest

from chassis.testing import eventually
from chassis.values.errors import Refused
from chassis.values.event import Event
from chassis.wire import bus
from chassis.wire.publisher import Message, Publisher
from tests.billing.asking import (
    FACTS,
    HELD_UNTIL,
    booking,
    confirmed,
    event_of,
    payment_id_of,
    start,
    state_of,
    told,
)
from tests.billing.town import FAMILY, SCOPE


def test_the_credit_note_of_a_cancellation_pays_the_next_booking_without_a_payment(billing, simulator):
    confirmed(billing)
    simulator.click(start(billing)["page_url"], "pay")
    assert state_of(billing, {"id": payment_id_of("key-1")}) == "paid"
    answer = confirmed(billing, "s-2", cancelled=["s-1-b"])
    assert (answer["state"], answer["offices"][0]["credits_used_cents"]) == ("settled", 500)
    billing.hear("booking_cancelled", FACTS | {"booking_id": "s-1-b", "was": "accepted", "in_time": True})
    (note,) = billing.ana("list_credit_notes")["data"]
    assert (note["number"], note["left_cents"], note["reason"]) == ("A-LOISIRS-2026-000001", 0, "cancelled")
    assert billing.books.check() == []


def test_the_same_confirmation_settles_once(billing):
    assert confirmed(billing) == confirmed(billing)
    assert billing.store.database["settlements"].count_documents({}) == 1


def test_a_held_seat_that_no_quote_priced_is_not_settled(billing):
    held = [{"line": 9, "booking_id": "b-9", "held_until": HELD_UNTIL}]
    with pytest.raises(Refused, match="not_found"):
        billing.ask("settle", settlement_id="s", quote_id="none", family_id=FAMILY, held=held)
    billing.ask("quote", quote_id="q", family_id=FAMILY, bookings=[booking()])
    with pytest.raises(Refused, match="conflict"):
        billing.ask("settle", settlement_id="s", quote_id="q", family_id=FAMILY, held=held)


def test_a_promoted_seat_is_asked_to_be_paid_or_paid_by_credit_notes(billing, simulator):
    promoted = FACTS | {"to": "held", "held_until": HELD_UNTIL}
    billing.hear("seat_promoted", promoted)
    billing.hear("seat_promoted", promoted)
    (asked,) = told(billing, "payment_asked")
    assert (asked["settlement_id"], asked["amount_cents"]) == ("promoted", 500)
    simulator.click(start(billing, "promoted")["page_url"], "pay")
    assert state_of(billing, {"id": payment_id_of("key-1")}) == "paid"
    billing.hear("booking_cancelled", FACTS | {"was": "accepted", "in_time": True})
    billing.hear("seat_promoted", promoted | {"booking_id": "promoted-2"})
    assert [each["method"] for each in told(billing, "payment_settled")] == ["online", "credit"]
    billing.hear(
        "seat_promoted", promoted | {"booking_id": "promoted-3", "to": "accepted", "held_until": None}
    )
    assert billing.store.settlements.get(SCOPE, "promoted-3") is None
    assert billing.books.check() == []


def test_a_promotion_heard_after_its_cancellation_asks_for_nothing(billing):
    billing.hear("booking_cancelled", FACTS | {"was": "held", "in_time": True})
    billing.hear("seat_promoted", FACTS | {"to": "held", "held_until": HELD_UNTIL})
    assert told(billing, "payment_asked") == []
    assert billing.ana("list_settlements_due")["data"] == []


def test_a_held_seat_that_is_given_back_is_not_due_any_more(billing):
    confirmed(billing)
    billing.hear("booking_cancelled", FACTS | {"booking_id": "s-1-b", "was": "held", "in_time": True})
    assert billing.ana("list_settlements_due")["data"] == []
    assert billing.ana("list_credit_notes")["data"] == []


def test_a_promotion_told_over_the_broker_is_asked_to_be_paid_over_the_broker(billing, broker):
    publisher, heard = Publisher(broker), _queue(broker, "notify.billing.payment_asked")
    event = event_of("seat_promoted", FACTS | {"to": "held", "held_until": HELD_UNTIL}, 1)
    for _ in range(2):
        assert publisher.publish([Message("booking.events", event.name, event.encode(), event.id)]) == [True]
    message = eventually(heard)
    publisher.close()
    asked = Event.decode(message.body.encode() if isinstance(message.body, str) else message.body)
    assert (asked.name, asked.data["booking_id"]) == ("payment_asked", "promoted")
    assert asked.correlation_id == "request-1"
    assert len(told(billing, "payment_asked")) == 1


def _queue(broker, name):
    channel = bus.connect(broker, name="test", timeout_s=60).channel()
    return lambda: channel.basic_get(name, no_ack=True)
