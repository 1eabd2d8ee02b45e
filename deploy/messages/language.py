"""What the services publish, read from their classes: methods with their callers, events with their hearers.

Only the classes are read, as nameko sees them: a door is found by its entrypoint, wherever it is defined.
"""

import importlib
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema

from chassis.doors.capabilities import Needs
from chassis.doors.events import EventHandler
from chassis.doors.rpc import RpcDoor
from chassis.storage.outbox import Relay
from deploy.rabbitmq.generate import SERVICES

ROOT = Path(__file__).parents[2]
METHOD_VERSION = 1
"""A method that changes in a way that breaks its callers is a new method, so all are of the first version."""


@dataclass(frozen=True)
class Method:
    """One method of a service: who may ask it, with what, and what it answers."""

    service: str
    name: str
    says: str
    needs: Needs
    request: Schema
    reply: Schema

    @property
    def title(self) -> str:
        """The name under which it is asked."""
        return f"{self.service}.{self.name}"

    @property
    def callers(self) -> list[str]:
        """The programs that it lets in."""
        return sorted(self.needs.accepts)


@dataclass(frozen=True)
class Told:
    """One event of a service, with the schema of each version in which it is told."""

    service: str
    name: str
    versions: dict[int, Schema]
    subscribers: tuple[str, ...]

    @property
    def title(self) -> str:
        """Its name with its producer's, which makes it the only one."""
        return f"{self.service}.{self.name}"


@dataclass(frozen=True)
class Published:
    """All that one service publishes, in the order of names, and what it hears: (producer, event)."""

    service: str
    methods: tuple[Method, ...]
    events: tuple[Told, ...]
    hears: tuple[tuple[str, str], ...]
    refusals: tuple[str, ...]


def read(services: Sequence[str] = SERVICES) -> list[Published]:
    """What each of `services` publishes as its code is now."""
    return [_published(name) for name in services]


def example(service: str, name: str, version: int) -> str:
    """The path of a golden example, from the repository's root."""
    return f"services/{service}/contract/v{version}/{name}.json"


def _published(name: str) -> Published:
    service_class = _class_of(name)
    methods, hears = [], []
    for member, entrypoint in _entrypoints(service_class):
        if isinstance(entrypoint, RpcDoor):
            methods.append(_method(name, member, entrypoint))
        elif isinstance(entrypoint, EventHandler):
            hears.append((entrypoint.producer, entrypoint.event))
    refusals = sorted(
        path.name.split(".")[0] for path in (ROOT / example(name, "*", 1)).parent.glob("*.refusal.json")
    )
    return Published(name, tuple(methods), tuple(_events(name, service_class)), tuple(hears), tuple(refusals))


def _class_of(name: str) -> type:
    module = importlib.import_module(f"{name}.service")
    return next(
        each
        for each in vars(module).values()
        if isinstance(each, type) and getattr(each, "name", None) == name
    )


def _entrypoints(service_class: type) -> Iterator[tuple[Any, Any]]:
    for name in sorted(dir(service_class)):
        member = getattr(service_class, name)
        for entrypoint in getattr(member, "nameko_entrypoints", ()):
            yield member, entrypoint


def _method(service: str, member: Any, door: RpcDoor) -> Method:
    return Method(
        service, member.__name__, first_sentence(member), door.needs, door.request, door.reply or Schema()
    )


def _refusals(service: str) -> tuple[str, ...]:
    """The codes that it publishes: each has an example."""
    shown = (ROOT / example(service, "", METHOD_VERSION)).parent.glob("*.refusal.json")
    return tuple(sorted(path.name.removesuffix(".refusal.json") for path in shown))


def _events(service: str, service_class: type) -> Iterator[Told]:
    """The events of the class's relay; a service without one tells nothing."""
    for each in vars(service_class).values():
        if isinstance(each, Relay):
            for name, kind in sorted(each.events.items()):
                yield Told(service, name, kind.versions(), tuple(sorted(kind.subscribers)))


def first_sentence(documented: Any) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(documented) or "").split("\n\n")[0].split())
