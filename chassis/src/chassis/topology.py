"""The broker's topology, worked out from what the services say and accept: exchanges, queues, users, permissions.

Here is the generation, as RabbitMQ's definitions, and their declaration over AMQP. Which services exist is known to
the caller (`deploy/rabbitmq/generate.py`); the chassis imports none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis import bus

RETRY_DELAYS_S = (1, 2, 4, 8)
EVENT_QUEUE_MAX = 100_000
RPC_QUEUE_MAX = 5_000
DELIVERIES_MAX = 5
"""Deliveries that ended in a lost connection, not in an exception: a message that kills its reader is put away."""


@dataclass(frozen=True)
class Service:
    """What the topology must know of one service.

    `events`: each event it publishes, with its subscribers. `accepts`: each method of its doors, with the issuers
    that may call it. `hears`: (producer, event) of each of its handlers.
    """

    name: str
    events: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hears: frozenset[tuple[str, str]] = frozenset()


def event_queue(consumer: str, producer: str, event: str) -> str:
    """The queue of one handler."""
    return f"{consumer}.{producer}.{event}"
