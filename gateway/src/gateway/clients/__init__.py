"""The services as plain objects: the only room that knows their names and methods.

Each client takes the context of who asks and plain values, and returns the service's reply as a dict.
Refusals, silence and breakdowns come as `errors.Refused`, `errors.Unavailable`, `errors.Failed`.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from flask import current_app

from chassis.values.context import Context
from gateway.clients.billing import Billing
from gateway.clients.booking import Booking
from gateway.clients.family import Family
from gateway.clients.identity import Identity
from gateway.clients.language import Ask
from gateway.clients.notify import Notify

__all__ = ["Billing", "Booking", "Caller", "Clients", "Family", "Identity", "Notify", "connect", "current"]


class Caller(Protocol):
    """What sends one request over the bus and waits for its reply: the chassis' pool, or a fake in tests."""

    def call(
        self, service: str, method: str, context: Context, request: dict[str, Any], timeout_s: float = ...
    ) -> dict[str, Any]:
        """Return the reply; raise Refused, Unavailable or Failed."""


@dataclass(frozen=True, slots=True)
class Clients:
    """One client per service."""

    identity: Identity
    family: Family
    booking: Booking
    billing: Billing
    notify: Notify


def connect(caller: Caller, timeout_s: float) -> Clients:
    """Make the clients of one process; every call waits at most `timeout_s`."""

    def ask_of(service: str) -> Ask:
        return lambda method, context, request: caller.call(service, method, context, request, timeout_s)

    return Clients(
        identity=Identity(ask_of("identity")),
        family=Family(ask_of("family")),
        booking=Booking(ask_of("booking")),
        billing=Billing(ask_of("billing")),
        notify=Notify(ask_of("notify")),
    )


def current() -> Clients:
    """Return the clients of the application that serves this request."""
    clients: Clients = current_app.extensions["clients"]
    return clients
