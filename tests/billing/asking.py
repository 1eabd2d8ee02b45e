"""Billing's doors in a container, as booking and as a person ask them, and what events tell them."""

import hashlib
from contextlib import contextmanager
from types import SimpleNamespace

from billing.ports.bounded import Bounded
from billing.ports.simulator import Simulator as Adapter
from billing.service import Billing
from chassis.testing import Caller, FrozenClock, person, running
from chassis.values.context import Context, service_context
from chassis.values.event import Event
from chassis.values.ids import derived_id, new_id
from tests.billing.town import FAMILY, NOW, ORGANISATION, SCOPE

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


@contextmanager
def running_billing(broker, town, books, simulator):
    """The running service: `ask` as booking, `ana` as a person, `hear` for events, its clock and store."""
    simulator.reset()
    clock = FrozenClock(NOW)
    adapter = Bounded(Adapter(simulator.url, 0.5, 1.0), calls_max=4, within_s=1.5)
    config = {"clock": clock, "payment_provider": adapter, "MONGODB_DATABASE": town.database.name}
    with (
        running(Billing, **config) as container,
        Caller("booking", broker) as booking,
        Caller("gateway", broker, size=20) as gateway,
    ):
        service = next(iter([Billing()]))
        for name in ("store", "clock", "ids", "provider", "timers"):
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
            hear=lambda name, data, sequence=1: _hear(service, event_of(name, data, sequence)),
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


def event_of(name, data, sequence):
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
    """What a payment is once the provider may be asked again."""
    billing.clock.advance(seconds=3)
    return billing.ana("get_payment", payment_id=payment["id"])["payment"]["state"]


def reference_of(billing, payment):
    return billing.store.attempts.get(SCOPE, payment["id"]).provider_reference


def told(billing, name):
    return [row["data"] for row in billing.store.database["outbox"].find({"name": name})]


def payment_id_of(key):
    return derived_id(ORGANISATION, "ana", "payment", key)
