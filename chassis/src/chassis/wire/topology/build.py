"""The broker's definitions: exchanges, queues, bindings, users, in the form in which RabbitMQ loads them."""

from collections.abc import Iterable, Sequence
from typing import Any

from chassis.wire import bus
from chassis.wire.topology.limits import RETRY_DELAYS_S, policies
from chassis.wire.topology.names import (
    back_exchange,
    bell_exchange,
    dead_letters,
    event_queue,
    events_exchange,
    wait_exchange,
    wait_queue,
)
from chassis.wire.topology.permissions import permissions, topic_permission
from chassis.wire.topology.services import Service

Definitions = dict[str, Any]


def build(services: Sequence[Service], callers: Iterable[str] = (), vhost: str = "/") -> Definitions:
    """Return the definitions for these services and the `callers` that only call, without passwords."""
    subscriptions = sorted(
        {(c, s.name, e) for s in services for e, consumers in s.events.items() for c in consumers}
        | {(s.name, producer, event) for s in services for producer, event in s.hears}
    )
    producers = {producer for _, producer, _ in subscriptions}
    names = sorted({s.name for s in services} | producers | {consumer for consumer, _, _ in subscriptions})
    users = sorted({*names, *callers})
    queues = [*_service_queues(names), *(_quorum(event_queue(*one)) for one in subscriptions)]
    return {
        "vhosts": [{"name": vhost}],
        "users": [{"name": user, "password_hash": "", "tags": []} for user in users],
        "permissions": [{"user": user, "vhost": vhost, **permissions(user, user in names)} for user in users],
        "topic_permissions": [topic_permission(user, services, vhost) for user in users],
        "policies": [{"vhost": vhost, **each} for each in policies(names)],
        "exchanges": [{"vhost": vhost, **each} for each in _exchanges(names)],
        "queues": [{"vhost": vhost, **each} for each in queues],
        "bindings": [{"vhost": vhost, **each} for each in _bindings(names, subscriptions)],
    }


def _exchanges(names: Iterable[str]) -> Iterable[dict[str, Any]]:
    yield _exchange(bus.RPC_EXCHANGE, "topic")
    for name in names:
        yield _exchange(events_exchange(name), "topic")
        yield _exchange(wait_exchange(name), "topic")
        yield _exchange(back_exchange(name), "topic")
        yield _exchange(dead_letters(name), "fanout")
        yield _exchange(bell_exchange(name), "fanout")


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


def _quorum(name: str) -> dict[str, Any]:
    """Return a queue on the disks of a majority; its kind, which no policy can say, is its one argument."""
    return _queue(name, {"x-queue-type": "quorum"})


def _service_queues(names: Iterable[str]) -> Iterable[dict[str, Any]]:
    for name in names:
        # As nameko names and declares it: classic, durable, no arguments.
        yield _queue(bus.rpc_queue(name), {})
        yield _quorum(dead_letters(name))
        for delay_s in RETRY_DELAYS_S:
            yield _quorum(wait_queue(name, delay_s))


def _bindings(
    names: Iterable[str], subscriptions: Iterable[tuple[str, str, str]]
) -> Iterable[dict[str, Any]]:
    for name in names:
        yield _binding(bus.RPC_EXCHANGE, bus.rpc_queue(name), f"{name}.*")
        yield _binding(dead_letters(name), dead_letters(name), "")
        for delay_s in RETRY_DELAYS_S:
            yield _binding(wait_exchange(name), wait_queue(name, delay_s), f"{delay_s}.#")
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
