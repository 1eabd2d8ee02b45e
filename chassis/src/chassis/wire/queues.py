"""How much waits in a service's own queues, for its metrics page: asked of the broker when somebody looks."""

from collections.abc import Iterable, Mapping
from typing import Any

import amqp

from chassis.running import metrics
from chassis.running.gauges import Gauge, Look, Reading
from chassis.wire import bus, topology
from chassis.wire.topology.services import Service

ANSWER_MAX_S = 1.5

MESSAGES = Gauge(
    "marelle_queue_messages",
    "Messages that wait in a queue of the service, those in hand left aside.",
    ("queue", "kind"),
)
DEAD_LETTERS = Gauge("marelle_dead_letters", "Messages that the service's handlers have given up.")


def queues_of(service: Service) -> dict[str, str]:
    """Return the service's own queues, each with its kind: requests, events, retry or dead."""
    return {
        bus.rpc_queue(service.name): "requests",
        **{
            topology.event_queue(service.name, producer, event): "events"
            for producer, event in sorted(service.hears)
        },
        **{topology.wait_queue(service.name, delay_s): "retry" for delay_s in topology.RETRY_DELAYS_S},
        topology.dead_letters(service.name): "dead",
    }


class QueueLook:
    """Counts what waits in some queues, over a connection of its own which is made at the first look."""

    def __init__(self, amqp_uri: str, service: str, queues: Mapping[str, str]) -> None:
        self._uri = amqp_uri
        self._service = service
        self._queues = queues
        self._connection: bus.Connection | None = None
        self._channel: Any = None

    def look(self) -> Look:
        """Return the look."""
        return Look((MESSAGES, DEAD_LETTERS), self.read)

    def read(self) -> Iterable[Reading]:
        """Return how many wait in each queue, and how many dead in all; raises one of BUS_ERRORS.

        A queue that is not there is left out and counted. A connection that was closed since it was last used
        is made anew.
        """
        known = self._connection is not None
        try:
            counts = self._counts()
        except TimeoutError:
            raise
        except bus.BUS_ERRORS:
            if not known:
                raise
            counts = self._counts()
        readings = [MESSAGES.reads(count, queue, self._queues[queue]) for queue, count in counts.items()]
        dead = [count for queue, count in counts.items() if self._queues[queue] == "dead"]
        return [*readings, *([DEAD_LETTERS.reads(sum(dead))] if dead else [])]

    def close(self) -> None:
        """Drop the connection."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            connection.collect()

    def _counts(self) -> dict[str, int]:
        counts = {}
        try:
            for queue in self._queues:
                try:
                    counts[queue] = int(self._open().queue_declare(queue, passive=True).message_count)
                except amqp.NotFound:
                    self._channel = None  # the broker has closed it
                    metrics.GAUGE_FAILURES.labels(MESSAGES.name).inc()
        except BaseException:
            self.close()
            raise
        return counts

    def _open(self) -> Any:
        if self._connection is None:
            self._connection = bus.connect(self._uri, name=f"{self._service} looks", timeout_s=ANSWER_MAX_S)
        if self._channel is None:
            self._channel = self._connection.channel()
        return self._channel
