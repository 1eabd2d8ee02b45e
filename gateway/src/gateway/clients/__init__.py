"""The services as plain objects: the only room that knows their names and methods.

Each client takes the context of who asks and plain values, and returns the reply as a frozen dataclass of its
own, which is a tolerant reader: it names what the gateway needs, and the type checker holds pages and routes
against it. Refusals, silence and breakdowns come as `errors.Refused`, `errors.Unavailable`, `errors.Failed`.
"""

import time
from dataclasses import dataclass
from typing import Protocol

from flask import current_app

from chassis.values.context import Context
from gateway import metrics
from gateway.clients.asking import Ask, Json
from gateway.clients.billing import BillingClient
from gateway.clients.booking import BookingClient
from gateway.clients.family import FamilyClient
from gateway.clients.identity import IdentityClient
from gateway.clients.notify import NotifyClient

__all__ = [
    "BillingClient",
    "BookingClient",
    "Caller",
    "Clients",
    "FamilyClient",
    "IdentityClient",
    "NotifyClient",
    "connect",
    "current",
]


class Caller(Protocol):
    """What sends one request over the bus and waits for its reply: the chassis' pool, or a fake in tests."""

    def call(
        self, service: str, method: str, context: Context, request: Json, timeout_s: float = ...
    ) -> Json:
        """Return the reply; raise Refused, Unavailable or Failed."""


@dataclass(frozen=True, slots=True)
class Clients:
    """One client per service."""

    identity: IdentityClient
    family: FamilyClient
    booking: BookingClient
    billing: BillingClient
    notify: NotifyClient


def connect(caller: Caller, timeout_s: float) -> Clients:
    """Return the clients of one process; every call waits at most `timeout_s`."""

    def ask_of(service: str) -> Ask:
        def ask(method: str, context: Context, request: Json) -> Json:
            began_s = time.monotonic()
            try:
                reply = caller.call(service, method, context, request, timeout_s)
            except Exception as error:
                metrics.called(service, method, time.monotonic() - began_s, error)
                raise
            metrics.called(service, method, time.monotonic() - began_s)
            return reply

        return ask

    return Clients(
        identity=IdentityClient(ask_of("identity")),
        family=FamilyClient(ask_of("family")),
        booking=BookingClient(ask_of("booking")),
        billing=BillingClient(ask_of("billing")),
        notify=NotifyClient(ask_of("notify")),
    )


def current() -> Clients:
    """Return the clients of the application that serves this request."""
    clients: Clients = current_app.extensions["clients"]
    return clients
