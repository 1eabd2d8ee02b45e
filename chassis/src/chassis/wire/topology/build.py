"""The broker's exchanges, queues, users and permissions, worked out from what services say and accept.

Here are the names, their generation in the form of RabbitMQ's definitions, and their declaration over AMQP.
Which services exist is known to the caller (`deploy/rabbitmq/generate.py`); the chassis imports none.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chassis.wire import bus

RETRY_DELAYS_S = (1, 2, 4, 8)
EVENTS_MAX = 100_000
"""Messages per queue of events; what comes beyond is refused, and waits in its producer's outbox."""
REQUESTS_MAX = 5_000
DELIVERIES_MAX = 5
"""Deliveries that ended in a lost connection: a message that kills its reader is put among the dead."""

Definitions = dict[str, Any]


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
    """Read a service: its contract's EVENTS, and the doors and handlers of its class."""
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


def events_exchange(service: str) -> str:
    """Where a service publishes its events, by their name."""
    return f"{service}.events"


def event_queue(consumer: str, producer: str, event: str) -> str:
    """The queue of one handler."""
    return f"{consumer}.{producer}.{event}"


def wait_exchange(service: str) -> str:
    """Where `<delay>.<queue>` makes a message wait that many seconds."""
    return f"{service}.wait"


def back_exchange(service: str) -> str:
    """Where `<anything>.<queue>` brings a message back to the queue of one handler, and to no other."""
    return f"{service}.back"


def dead_letters(service: str) -> str:
    """The exchange, and the queue of the same name, for what the service's handlers could not take."""
    return f"{service}.dead"


def disagreements(services: Sequence[Service]) -> list[str]:
    """Say where contracts and handlers differ."""
    told = {(c, s.name, e) for s in services for e, consumers in s.events.items() for c in consumers}
    heard = {(s.name, producer, event) for s in services for producer, event in s.hears}
    return [
        *(
            f"{c} has no handler for {p}.{e}, which names it as subscriber"
            for c, p, e in sorted(told - heard)
        ),
        *(f"{c} handles {p}.{e}, whose contract does not name it" for c, p, e in sorted(heard - told)),
    ]


def build(services: Sequence[Service], callers: Iterable[str] = (), vhost: str = "/") -> Definitions:
    """Work out everything for these services and the `callers` that only call; without passwords."""
    subscriptions = sorted(
        {(c, s.name, e) for s in services for e, consumers in s.events.items() for c in consumers}
        | {(s.name, producer, event) for s in services for producer, event in s.hears}
    )
    producers = {producer for _, producer, _ in subscriptions}
    names = sorted({s.name for s in services} | producers | {consumer for consumer, _, _ in subscriptions})
    users = sorted({*names, *callers})
    queues = [*_service_queues(names), *(_event_queue(*one) for one in subscriptions)]
    return {
        "vhosts": [{"name": vhost}],
        "users": [{"name": user, "password_hash": "", "tags": []} for user in users],
        "permissions": [
            {"user": user, "vhost": vhost, **_permissions(user, user in names)} for user in users
        ],
        "topic_permissions": [_topic_permission(user, services, vhost) for user in users],
        "policies": [_request_limits(names, vhost)],
        "exchanges": [{"vhost": vhost, **each} for each in _exchanges(names)],
        "queues": [{"vhost": vhost, **each} for each in queues],
        "bindings": [{"vhost": vhost, **each} for each in _bindings(names, subscriptions)],
    }


def declare(amqp_uri: str, definitions: Definitions) -> None:
    """Declare the exchanges, queues and bindings of `definitions` in the virtual host of the URI."""
    connection = bus.connect(amqp_uri, name="topology", timeout_s=10)
    try:
        channel = connection.channel()
        for exchange in definitions["exchanges"]:
            channel.exchange_declare(exchange["name"], exchange["type"], durable=True, auto_delete=False)
        for queue in definitions["queues"]:
            channel.queue_declare(
                queue["name"], durable=True, auto_delete=False, arguments=queue["arguments"]
            )
        for binding in definitions["bindings"]:
            channel.queue_bind(binding["destination"], binding["source"], binding["routing_key"])
    finally:
        connection.close()


def _exchanges(names: Iterable[str]) -> Iterable[dict[str, Any]]:
    yield _exchange(bus.RPC_EXCHANGE, "topic")
    for name in names:
        yield _exchange(events_exchange(name), "topic")
        yield _exchange(wait_exchange(name), "topic")
        yield _exchange(back_exchange(name), "topic")
        yield _exchange(dead_letters(name), "fanout")


def _exchange(name: str, kind: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }


def _queue(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "durable": True, "auto_delete": False, "arguments": arguments}


def _quorum(dead_letter_exchange: str) -> dict[str, Any]:
    """On the disks of a majority; what leaves for another exchange leaves once it has arrived there."""
    return {
        "x-queue-type": "quorum",
        "x-max-length": EVENTS_MAX,
        "x-overflow": "reject-publish",
        "x-dead-letter-exchange": dead_letter_exchange,
        "x-dead-letter-strategy": "at-least-once",
    }


def _service_queues(names: Iterable[str]) -> Iterable[dict[str, Any]]:
    for name in names:
        # As nameko names and declares it: classic, durable, no arguments; its limit comes from a policy.
        yield _queue(bus.rpc_queue(name), {})
        yield _queue(dead_letters(name), {"x-queue-type": "quorum"})
        for delay_s in RETRY_DELAYS_S:
            arguments = {**_quorum(back_exchange(name)), "x-message-ttl": delay_s * 1000}
            yield _queue(f"{wait_exchange(name)}.{delay_s}", arguments)


def _event_queue(consumer: str, producer: str, event: str) -> dict[str, Any]:
    arguments = {**_quorum(dead_letters(consumer)), "x-delivery-limit": DELIVERIES_MAX}
    return _queue(event_queue(consumer, producer, event), arguments)


def _bindings(
    names: Iterable[str], subscriptions: Iterable[tuple[str, str, str]]
) -> Iterable[dict[str, Any]]:
    for name in names:
        yield _binding(bus.RPC_EXCHANGE, bus.rpc_queue(name), f"{name}.*")
        yield _binding(dead_letters(name), dead_letters(name), "")
        for delay_s in RETRY_DELAYS_S:
            yield _binding(wait_exchange(name), f"{wait_exchange(name)}.{delay_s}", f"{delay_s}.#")
    for consumer, producer, event in subscriptions:
        queue = event_queue(consumer, producer, event)
        yield _binding(events_exchange(producer), queue, event)
        yield _binding(back_exchange(consumer), queue, f"*.{queue}")


def _binding(source: str, queue: str, routing_key: str) -> dict[str, Any]:
    return {
        "source": source,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": routing_key,
        "arguments": {},
    }


def _permissions(user: str, is_service: bool) -> dict[str, str]:  # noqa: FBT001 - read where it is called
    """Configure: one's own reply queues. Write: one's own exchanges and calls. Read: one's own queues."""
    replies = rf"{re.escape(bus.reply_queue(user, ''))}.*"
    rpc = re.escape(bus.RPC_EXCHANGE)
    own = re.escape(user)
    writes, reads = [rpc, replies], [rpc, replies]
    if is_service:
        writes.append(rf"{own}\.(events|wait|back|dead)")
        reads += [re.escape(bus.rpc_queue(user)), rf"{own}\.dead", rf"{own}\.[a-z_]+\.[a-z_]+"]
    return {"configure": _any_of([replies]), "write": _any_of(writes), "read": _any_of(reads)}


def _topic_permission(user: str, services: Sequence[Service], vhost: str) -> dict[str, str]:
    """Which calls a user may make, and that it may bind no queue but to its own replies."""
    calls = [
        re.escape(f"{service.name}.{method}")
        for service in services
        for method, issuers in sorted(service.accepts.items())
        if user in issuers
    ]
    if any(service.accepts for service in services if service.name == user):
        calls.append(r"reply\..*")
    own_replies = rf"{re.escape(bus.reply_key(user, ''))}.*"
    return {
        "user": user,
        "vhost": vhost,
        "exchange": bus.RPC_EXCHANGE,
        "write": _any_of(calls),
        "read": _any_of([own_replies]),
    }


def _any_of(patterns: Sequence[str]) -> str:
    return f"^({'|'.join(patterns)})$"


def _request_limits(names: Sequence[str], vhost: str) -> dict[str, Any]:
    """A service that is down does not fill the broker's memory; its callers are told by their time-outs."""
    return {
        "vhost": vhost,
        "name": "requests",
        "pattern": f"^rpc-({'|'.join(map(re.escape, names))})$",
        "apply-to": "queues",
        "priority": 0,
        "definition": {"max-length": REQUESTS_MAX, "overflow": "reject-publish"},
    }
