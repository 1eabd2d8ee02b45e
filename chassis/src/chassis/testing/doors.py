"""Calls for the tests of doors with fakes: no broker, no database, milliseconds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chassis.doors.call import Call, Tools
from chassis.doors.capabilities import Needs, Roles
from chassis.printing.document import Document
from chassis.testing.fixed import FrozenClock, SequentialIds
from chassis.values.clock import Clock
from chassis.values.context import Context
from chassis.values.ids import Ids


class Bells:
    """Counts how often the relay was woken."""

    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        """Count."""
        self.woken += 1


class FakePress:
    """Keeps the documents that it was asked for, and makes of each what a test can read: its title."""

    def __init__(self) -> None:
        self.documents: list[Document] = []

    def make(self, document: Document, left_s: float) -> bytes:  # noqa: ARG002 - it never waits
        """Keep it."""
        self.documents.append(document)
        return f"%PDF {document.title}".encode()


class Alarms:
    """Notes which timers were woken, and within which time each is to run."""

    def __init__(self) -> None:
        self.woken: list[tuple[str, timedelta]] = []

    def wake(self, name: str, within: timedelta = timedelta(0)) -> None:
        """Note it."""
        self.woken.append((name, within))


def tools(  # noqa: PLR0913 - one of each
    service: str,
    *,
    stores: Mapping[type, object] | None = None,
    ports: Any = None,
    clock: Clock | None = None,
    ids: Ids | None = None,
    bell: Bells | None = None,
    timers: Alarms | None = None,
) -> Tools[Any]:
    """The tools of `service`, with a fake store for each class of `stores`, and fakes for its ports."""
    return Tools(
        service,
        clock or FrozenClock(),
        ids or SequentialIds(),
        bell or Bells(),
        ports,
        dict(stores or {}),
        timers or Alarms(),
    )


def call(
    by: Tools[Any], context: Context, needs: Needs | None = None, roles: Roles | None = None
) -> Call[Any]:
    """The call that a door gets when `context` asks; admitted as `needs` says, else as any person is.

    `roles` gives each role its capabilities, where a capability is needed.
    """
    needs = needs or Needs({context.issuer: (context.kind,)})
    return Call(by, context, needs.actor(context), needs.scope(context, roles or {}))
