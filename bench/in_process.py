"""Booking and billing without a bus: the services' own doors, called as functions in the caller's process.

Each call loads its request by the door's own schema and runs the door's own method on the same databases,
billing's transaction included. What is left out is what the bus costs: signing, messages, a process of one's
own for each service.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from environs import Env
from pymongo import MongoClient

from billing.commands.store import STORES as BILLING_STORES
from billing.service import Billing
from booking.service import Booking
from booking.stores import STORES
from chassis.doors.call import NoTimers
from chassis.running.settings import secret
from chassis.storage.mongo import Stores, connect
from chassis.values.clock import Clock
from chassis.values.context import Context
from chassis.values.ids import Ids

SESSIONS_FILE = "BENCH_SESSIONS"


class _Silent:
    """A relay's bell that wakes nobody: what waits is found by `drain`, a program beside."""

    def wake(self) -> None:
        """Do nothing."""


class Doors:
    """Calls services by name, as the bus would; also what `gateway.clients.connect` takes."""

    def __init__(self, mongo: MongoClient[dict[str, Any]], sessions: dict[str, Any]) -> None:
        self._sessions = {hashlib.sha256(token.encode()).hexdigest(): one for token, one in sessions.items()}
        clock, bell = Clock(), _Silent()
        booking_service, billing_service = Booking(), Billing()
        booking_service.store = Stores(STORES)(mongo["booking"])
        booking_service.rpc_client = self
        booking_service.relay = bell
        booking_service.clock, booking_service.ids = clock, Ids()
        booking_service.timers = billing_service.timers = NoTimers()
        billing_service.store = Stores(BILLING_STORES)(mongo["billing"])
        billing_service.relay, billing_service.provider = bell, None
        billing_service.clock, billing_service.ids = clock, Ids()
        self.services: dict[str, Any] = {"booking": booking_service, "billing": billing_service}

    def call(
        self,
        service: str,
        method: str,
        context: Context,
        request: dict[str, Any],
        timeout_s: float = 0.0,  # noqa: ARG002 - the bus' signature
    ) -> dict[str, Any]:
        """Run a door and return its reply; a session is looked up in what the log-ins answered."""
        if service == "identity":
            return {"session": self._sessions[request["token_sha256"]]}
        door = getattr(self.services[service], method)
        (entrypoint,) = door.nameko_entrypoints
        reply: dict[str, Any] = door(context, entrypoint.request.load(request))
        return reply


def sessions() -> dict[str, Any]:
    """Read the file of sessions: what each log-in answered, by token."""
    read: dict[str, Any] = json.loads(Path(Env().str(SESSIONS_FILE)).read_text(encoding="utf-8"))
    return read


def doors(known: dict[str, Any]) -> Doors:
    """Make the doors of this process; MONGODB_URI[_FILE] names a server that lets us into both databases."""
    return Doors(connect(secret("MONGODB_URI")), known)
