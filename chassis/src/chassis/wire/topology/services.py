"""What services say and accept, as far as the broker must know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Service:
    """What the topology must know of one service.

    `events`: each event it publishes, with its subscribers. `accepts`: each method of its doors, with the
    issuers that may call it. `hears`: (producer, event) of each of its handlers.
    """

    name: str
    events: Mapping[str, Sequence[str]] = field(default_factory=dict)
    accepts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    hears: frozenset[tuple[str, str]] = frozenset()


def describe(name: str, service_class: type | None, events: Mapping[str, Any]) -> Service:
    """Return what the contract's EVENTS and the doors and handlers of the class say of a service."""
    accepts: dict[str, tuple[str, ...]] = {}
    hears: set[tuple[str, str]] = set()
    for method_name in dir(service_class) if service_class else ():
        for entrypoint in getattr(getattr(service_class, method_name), "nameko_entrypoints", ()):
            if hasattr(entrypoint, "accepts"):
                accepts[method_name] = tuple(sorted(entrypoint.accepts))
            elif hasattr(entrypoint, "producer"):
                hears.add((entrypoint.producer, entrypoint.event))
    heard = {event: tuple(kind.subscribers) for event, kind in events.items()}
    return Service(name, heard, accepts, frozenset(hears))


def disagreements(services: Sequence[Service]) -> list[str]:
    """Return, in sentences, where contracts and handlers differ."""
    told = {(c, s.name, e) for s in services for e, consumers in s.events.items() for c in consumers}
    heard = {(s.name, producer, event) for s in services for producer, event in s.hears}
    return [
        *(
            f"{c} has no handler for {p}.{e}, which names it as subscriber"
            for c, p, e in sorted(told - heard)
        ),
        *(f"{c} handles {p}.{e}, whose contract does not name it" for c, p, e in sorted(heard - told)),
    ]
