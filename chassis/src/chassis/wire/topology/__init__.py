"""The broker's exchanges, queues, limits, users, permissions: worked out from what services say and accept.

Which services exist is known to the caller (`deploy/rabbitmq/generate.py`); the chassis imports none.

`names` says what everything is called, `services` reads a service, `build` makes RabbitMQ's definitions with
`limits` and `permissions`, `declare` declares them where only a connection was given.
"""

from chassis.wire.topology.build import Definitions, build
from chassis.wire.topology.declare import declare
from chassis.wire.topology.limits import DELIVERIES_MAX, RETRY_DELAYS_S, limits_of
from chassis.wire.topology.names import (
    back_exchange,
    bell_exchange,
    bell_queue,
    dead_letters,
    event_queue,
    events_exchange,
    wait_exchange,
    wait_queue,
)
from chassis.wire.topology.services import Service, describe, disagreements

__all__ = [
    "DELIVERIES_MAX",
    "RETRY_DELAYS_S",
    "Definitions",
    "Service",
    "back_exchange",
    "bell_exchange",
    "bell_queue",
    "build",
    "dead_letters",
    "declare",
    "describe",
    "disagreements",
    "event_queue",
    "events_exchange",
    "limits_of",
    "wait_exchange",
    "wait_queue",
]
