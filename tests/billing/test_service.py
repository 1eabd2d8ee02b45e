"""Billing's doors in a container, on a real broker and database, beside the real payment simulator."""

import hashlib
from datetime import timedelta
from types import SimpleNamespace

import eventlet
import pytest

from billing.ports.simulator import Simulator as Adapter
from billing.service import RPCS, Billing
from chassis.running import failpoints
from chassis.testing import Caller, FrozenClock, eventually, person, running
from chassis.values.context import Context, service_context
from chassis.values.errors import Failed, Refused
from chassis.values.event import Event
from chassis.values.ids import derived_id, new_id
from chassis.wire import bus
from chassis.wire.publisher import Message, Publisher
from tests.billing.simulator import simulating
from tests.billing.town import FAMILY, NOW, ORGANISATION

HELD_UNTIL = "2026-11-16T08:25:00.000Z"
ANA = person(organisation_id=ORGANISATION, account_id="ana", family_id=FAMILY, guardian_id="g-1")
BOOKING = service_context("booking", ORGANISATION, "request-1")
FACTS = {
    "booking_id": "promoted",
    "confirmation_id": "c-1",
    "line": 1,
    "child_id": "child-1",
    "child_name": "Léo Roy",
    "family_id": FAMILY,
    "account_id": "ana",
    "activity_id": "dance",
    "activity_name": "Danse",
    "activity_group": "leisure",
    "centre_id": "centre-1",
    "centre_name": "Les Cabanes",
    "day": "2026-11-18",
    "day_part": "day",
    "charging_mode": "prepaid",
}


@pytest.fixture(scope="module")
def simulator():
    with simulating() as running_simulator:
        yield running_simulator


@pytest.fixture
def billing(broker, town, books, simulator):
    """The running service: `ask` as booking, `ana` as a person, `hear` for events, its clock and store."""
    simulator.reset()
    clock = FrozenClock(NOW)
    adapter = Adapter(simulator.url, 1.0, 2.0)
    config = {"clock": clock, "payment_provider": adapter, "MONGODB_DATABASE": town.database.name}
    with (
        running(Billing, **config) as container,
        Caller("booking", broker) as booking,
        Caller("gateway", broker, size=20) as gateway,
    ):
        service = next(iter([Billing()]))
        for name in ("store", "clock", "provider"):
            setattr(service, name, _injected(container, name))
        service.relay = SimpleNamespace(wake=lambda: None)
        yield SimpleNamespace(
            ask=lambda method, **request: booking.call("billing", method, BOOKING, request),
            ana=lambda method, **request: gateway.call("billing", method, ANA, request),
            gateway=gateway,
            hint=lambda reference: gateway.call(
                "billing",
                "record_payment",
                Context(kind="anonymous", issuer="gateway"),
                {"provider_reference": reference},
            ),
            hear=lambda name, data, sequence=1: _hear(service, _event(name, data, sequence)),
            service=service,
            clock=clock,
            store=town,
            books=books,
        )


def _injected(container, name):
    provider = next(each for each in container.dependencies if each.attr_name == name)
    return provider.get_dependency(None)


def _hear(service, event):
    handle = getattr(service, f"on_{event.name}")
    in_lists = any(handler.many for handler in handle.nameko_entrypoints)
    handle([event] if in_lists else event)


def _event(name, data, sequence):
    return Event(new_id(), name, 1, ORGANISATION, "aggregate", sequence, NOW, None, "request-1", data)


def booking(line=1, **changes):
    given = {
        "line": line,
        "booking_id": f"b-{line}",
        "child_id": "child-1",
        "activity_id": "dance",
        "activity_group": "leisure",
        "day": "2026-11-18",
        "day_part": "day",
        "charging_mode": "prepaid",
    }
    return given | changes


def confirmed(billing, name="s-1", *lines, cancelled=()):
    """Quote and settle as booking does."""
    quote_id = f"quote-{name}"
    lines = lines or (booking(booking_id=f"{name}-b"),)
    billing.ask("quote", quote_id=quote_id, family_id=FAMILY, bookings=list(lines))
    held = [
        {"line": each["line"], "booking_id": each["booking_id"], "held_until": HELD_UNTIL} for each in lines
    ]
    return billing.ask(
        "settle",
        settlement_id=name,
        quote_id=quote_id,
        family_id=FAMILY,
        held=held,
        cancelled=[{"line": 90 + place, "booking_id": each} for place, each in enumerate(cancelled)],
    )


def start(billing, name="s-1", key="key-1"):
    body = hashlib.sha256(name.encode()).hexdigest()
    request = {"settlement_id": name, "return_url": "http://127.0.0.1:1/back/{payment_id}", "key": key}
    return billing.ana("start_payment", **request, body_sha256=body, email="ana@example.org")["payment"]


def state_of(billing, payment):
    return billing.ana("get_payment", payment_id=payment["id"])["payment"]["state"]


def reference_of(billing, payment):
    return billing.store.payments.get(ORGANISATION, payment["id"]).provider_reference


def told(billing, name):
    return [row["data"] for row in billing.store.database["outbox"].find({"name": name})]


def test_a_week_is_quoted_settled_paid_and_receipted(billing, simulator):
    answer = confirmed(billing, "s-1", *(booking(line) for line in range(1, 6)))
    assert (answer["state"], answer["offices"][0]["amount_due_cents"]) == ("due", 2_500)
    (due,) = billing.ana("list_settlements_due")["data"]
    assert (due["settlement_id"], due["amount_due_cents"]) == ("s-1", 2_500)
    payment = start(billing)
    assert payment["state"] == "redirected"
    back = simulator.click(payment["page_url"], "pay")
    assert back.startswith(f"http://127.0.0.1:1/back/{payment['id']}?id=")
    shown = billing.ana("get_payment", payment_id=payment["id"])["payment"]
    assert (shown["state"], shown["receipt_number"]) == ("paid", "R-LOISIRS-2026-000001")
    assert shown["authorisation"]
    (settled,) = told(billing, "payment_settled")
    assert [line["booking_id"] for line in settled["lines"]] == [f"b-{line}" for line in range(1, 6)]
    assert billing.ana("list_settlements_due")["data"] == []
    (listed,) = billing.ana("list_payments")["data"]
    assert (listed["amount_cents"], listed["receipt_number"]) == (2_500, "R-LOISIRS-2026-000001")
    assert billing.books.check() == []


def test_the_avoir_of_a_cancellation_pays_the_next_booking_without_a_payment(billing, simulator):
    confirmed(billing)
    simulator.click(start(billing)["page_url"], "pay")
    billing.hint(reference_of(billing, {"id": _payment_id("key-1")}))
    answer = confirmed(billing, "s-2", cancelled=["s-1-b"])
    assert (answer["state"], answer["offices"][0]["credits_used_cents"]) == ("settled", 500)
    billing.hear("booking_cancelled", FACTS | {"booking_id": "s-1-b", "was": "accepted", "in_time": True})
    (note,) = billing.ana("list_credit_notes")["data"]
    assert (note["number"], note["left_cents"], note["reason"]) == ("A-LOISIRS-2026-000001", 0, "cancelled")
    assert billing.books.check() == []


def _payment_id(key):
    return derived_id(ORGANISATION, "ana", "payment", key)


def test_the_same_confirmation_settles_once(billing):
    assert confirmed(billing) == confirmed(billing)
    assert billing.store.database["settlements"].count_documents({}) == 1


def test_a_line_without_a_tariff_is_refused_by_name(billing):
    with pytest.raises(Refused) as refused:
        billing.ask("quote", quote_id="q", family_id=FAMILY, bookings=[booking(3, activity_id="chess")])
    assert refused.value.code == "no_tariff"
    assert "line 3" in refused.value.detail


def test_a_quote_says_why_a_day_costs_what_it_costs(billing):
    quote = billing.ask(
        "quote",
        quote_id="q",
        family_id=FAMILY,
        bookings=[booking()],
        cancellations=[{"line": 2, "booking_id": "unknown", "charging_mode": "prepaid"}],
    )
    assert quote["expires_at"] == "2026-11-16T08:30:00.000Z"
    assert quote["lines"][0]["trace"][0]["step"] == "flat"
    assert quote["credits"] == [{"line": 2, "booking_id": "unknown", "amount_cents": 0}]


def test_a_held_seat_that_no_quote_priced_is_not_settled(billing):
    held = [{"line": 9, "booking_id": "b-9", "held_until": HELD_UNTIL}]
    with pytest.raises(Refused, match="not_found"):
        billing.ask("settle", settlement_id="s", quote_id="none", family_id=FAMILY, held=held)
    billing.ask("quote", quote_id="q", family_id=FAMILY, bookings=[booking()])
    with pytest.raises(Refused, match="conflict"):
        billing.ask("settle", settlement_id="s", quote_id="q", family_id=FAMILY, held=held)


def test_twenty_notifications_at_once_are_one_payment(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.click(payment["page_url"], "pay")
    reference = reference_of(billing, payment)
    answers = list(eventlet.GreenPool(20).imap(lambda _: billing.hint(reference), range(20)))
    assert {answer["state"] for answer in answers} == {"paid"}
    assert len(told(billing, "payment_settled")) == 1
    assert billing.books.check() == []


def test_a_forged_notification_changes_nothing(billing):
    confirmed(billing)
    payment = start(billing)
    assert billing.hint(reference_of(billing, payment))["state"] == "checking"
    with pytest.raises(Refused, match="not_found"):
        billing.hint("made-up")


def test_an_amount_that_is_not_ours_is_quarantined(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.fault(payment["id"], reported_amount_cents=1)
    simulator.click(payment["page_url"], "pay")
    assert billing.hint(reference_of(billing, payment))["state"] == "quarantined"
    assert told(billing, "payment_settled") == []


def test_a_payment_that_nobody_told_of_is_found_by_asking(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.fault(payment["id"], drop_notification=True)
    simulator.click(payment["page_url"], "pay")
    billing.clock.advance(minutes=2)
    eventually(lambda: told(billing, "payment_settled"), timeout_s=10)
    assert billing.books.check() == []


def test_an_abandoned_payment_may_still_be_paid(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.click(payment["page_url"], "abandon")
    assert state_of(billing, payment) == "abandoned"
    simulator.click(payment["page_url"], "pay")
    assert state_of(billing, payment) == "paid"


def test_a_refused_card_lets_the_family_try_again(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.click(payment["page_url"], "refuse")
    assert state_of(billing, payment) == "refused"
    again = start(billing, key="key-2")
    assert again["id"] != payment["id"]
    assert start(billing, key="key-2") == again


def test_a_provider_that_fails_is_told_and_the_same_key_goes_on(billing, simulator):
    confirmed(billing)
    simulator.fault(http_500=True)
    with pytest.raises(Refused, match="provider_unavailable"):
        start(billing)
    simulator.fault()
    assert start(billing)["page_url"]


def test_a_purged_payment_expires_once_its_page_is_closed(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.fault(payment["id"], purge=True)
    assert state_of(billing, payment) == "checking"
    billing.clock.advance(minutes=16)
    assert state_of(billing, payment) == "expired"


def test_money_that_comes_after_the_hold_is_booked_and_a_lost_seat_is_given_back(billing, simulator):
    confirmed(billing)
    payment = start(billing)
    simulator.fault(payment["id"], drop_notification=True)
    simulator.click(payment["page_url"], "pay")
    billing.clock.advance(minutes=26)
    billing.hear("hold_expired", FACTS | {"booking_id": "s-1-b"})
    assert state_of(billing, payment) == "paid"
    assert len(told(billing, "payment_settled")) == 1
    billing.hear("seat_lost", FACTS | {"booking_id": "s-1-b"})
    billing.hear("seat_lost", FACTS | {"booking_id": "s-1-b"})
    (note,) = billing.ana("list_credit_notes")["data"]
    assert (note["amount_cents"], note["reason"]) == (500, "seat_lost")
    assert billing.books.check() == []


def test_after_the_hold_nothing_can_be_paid_any_more(billing):
    confirmed(billing)
    billing.clock.advance(minutes=25)
    with pytest.raises(Refused, match="hold_expired"):
        start(billing)
    eventually(lambda: billing.store.settlements.overdue(billing.clock.now()) == [], timeout_s=10)
    with pytest.raises(Refused, match="nothing_due"):
        start(billing)


def test_a_payment_needs_an_address_that_family_may_have_told(billing):
    confirmed(billing)
    request = {"settlement_id": "s-1", "return_url": "http://x.example", "key": "k", "body_sha256": "0" * 64}
    with pytest.raises(Refused, match="email_missing"):
        billing.ana("start_payment", **request)
    contacts = [{"guardian_id": "g-1", "name": "Ana Roy", "email": "ana@example.org"}]
    billing.hear(
        "family_changed", {"family_id": FAMILY, "name": "Roy", "language": "fr", "contacts": contacts}
    )
    assert billing.ana("start_payment", **request)["payment"]["state"] == "redirected"
    with pytest.raises(Refused, match="idempotency_mismatch"):
        billing.ana("start_payment", **request | {"body_sha256": "1" * 64})


def test_another_family_s_payment_and_order_are_not_found(billing):
    confirmed(billing)
    payment = start(billing)
    stranger = person(organisation_id=ORGANISATION, account_id="eve", family_id="family-2")
    with pytest.raises(Refused, match="not_found"):
        billing.gateway.call("billing", "get_payment", stranger, {"payment_id": payment["id"]})
    request = {"settlement_id": "s-1", "return_url": "http://x.example", "key": "k", "body_sha256": "0" * 64}
    with pytest.raises(Refused, match="not_found"):
        billing.gateway.call("billing", "start_payment", stranger, request | {"email": "eve@example.org"})


def test_a_promoted_seat_is_asked_to_be_paid_or_paid_by_avoirs(billing, simulator):
    promoted = FACTS | {"to": "held", "held_until": HELD_UNTIL}
    billing.hear("seat_promoted", promoted)
    billing.hear("seat_promoted", promoted)
    (asked,) = told(billing, "payment_asked")
    assert (asked["settlement_id"], asked["amount_cents"]) == ("promoted", 500)
    simulator.click(start(billing, "promoted")["page_url"], "pay")
    billing.hint(reference_of(billing, {"id": _payment_id("key-1")}))
    billing.hear("booking_cancelled", FACTS | {"was": "accepted", "in_time": True})
    billing.hear("seat_promoted", promoted | {"booking_id": "promoted-2"})
    assert [each["method"] for each in told(billing, "payment_settled")] == ["online", "credit"]
    billing.hear(
        "seat_promoted", promoted | {"booking_id": "promoted-3", "to": "accepted", "held_until": None}
    )
    assert billing.store.settlements.get(ORGANISATION, "promoted-3") is None
    assert billing.books.check() == []


def test_a_promotion_heard_after_its_cancellation_asks_for_nothing(billing):
    billing.hear("booking_cancelled", FACTS | {"was": "held", "in_time": True})
    billing.hear("seat_promoted", FACTS | {"to": "held", "held_until": HELD_UNTIL})
    assert told(billing, "payment_asked") == []
    assert billing.ana("list_settlements_due")["data"] == []


def test_the_balance_page_shows_wallets_avoirs_and_what_is_due(billing):
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
    coming = (ORGANISATION, FAMILY, NOW.date(), NOW.date() + timedelta(days=9))
    assert len(billing.store.wallets.to_come(*coming)) == 1
    billing.hear("booking_cancelled", later | {"was": "accepted", "in_time": True}, sequence=2)
    assert billing.store.wallets.to_come(*coming) == []


def test_a_held_seat_that_is_given_back_is_not_due_any_more(billing):
    confirmed(billing)
    billing.hear("booking_cancelled", FACTS | {"booking_id": "s-1-b", "was": "held", "in_time": True})
    assert billing.ana("list_settlements_due")["data"] == []
    assert billing.ana("list_credit_notes")["data"] == []


def test_only_booking_may_settle_and_only_people_may_pay(billing):
    for method in ("quote", "settle"):
        with pytest.raises(Refused, match="forbidden"):
            billing.gateway.call("billing", method, ANA, {})
    with pytest.raises(Refused, match="forbidden"):
        billing.ask("start_payment")
    with pytest.raises(Refused, match="malformed"):
        billing.ana("get_payment", payment_id={"$ne": ""})
    assert set(RPCS) >= {"quote", "settle"}


@pytest.mark.parametrize(
    "point",
    [
        "settle.before_commit",
        "settle.inside_commit",
        "settle.after_commit",
        "start_payment.before_commit",
        "start_payment.inside_commit",
        "start_payment.after_insert",
        "start_payment.after_provider",
        "record_payment.after_lookup",
        "record_payment.before_commit",
        "record_payment.inside_commit",
        "record_payment.after_commit",
    ],
)
def test_a_call_that_died_anywhere_is_repeated_and_has_one_effect(billing, simulator, point):
    failpoints.arm(f"billing.{point}=raise")
    try:
        _twice_if_needed(lambda: confirmed(billing))
        payment = _twice_if_needed(lambda: start(billing))
        simulator.click(payment["page_url"], "pay")
        hint = _twice_if_needed(lambda: billing.hint(reference_of(billing, payment)))
    finally:
        failpoints.arm("")
    assert hint["state"] == "paid"
    assert len(told(billing, "payment_settled")) == 1
    assert billing.store.database["payments"].count_documents({}) == 1
    assert billing.books.check() == []


def _twice_if_needed(call):
    try:
        return call()
    except Failed:
        return call()


def test_a_promotion_told_over_the_broker_is_asked_to_be_paid_over_the_broker(billing, broker):
    publisher, heard = Publisher(broker), _queue(broker, "notify.billing.payment_asked")
    event = _event("seat_promoted", FACTS | {"to": "held", "held_until": HELD_UNTIL}, 1)
    for _ in range(2):
        assert publisher.publish([Message("booking.events", event.name, event.encode(), event.id)]) == [True]
    message = eventually(heard, timeout_s=10)
    publisher.close()
    asked = Event.decode(message.body.encode() if isinstance(message.body, str) else message.body)
    assert (asked.name, asked.data["booking_id"]) == ("payment_asked", "promoted")
    assert asked.correlation_id == "request-1"
    assert len(told(billing, "payment_asked")) == 1


def _queue(broker, name):
    channel = bus.connect(broker, name="test", timeout_s=5).channel()
    return lambda: channel.basic_get(name, no_ack=True)
