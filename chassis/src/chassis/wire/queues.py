"""How much waits in a service's own queues, for its metrics page: asked of the broker when somebody looks."""

from collections.abc import Iterable, Mapping

import amqp

from chassis.running import metrics
from chassis.running.gauges import ASKED_MAX_S, Gauge, Look, Reading
from chassis.wire import bus, topology
from chassis.wire.kept import KeptConnection
from chassis.wire.topology.services import Service

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
        self._queues = queues
        self._broker = KeptConnection(amqp_uri, name=f"{service} looks", answer_max_s=ASKED_MAX_S)

    def look(self) -> Look:
        """Return the look."""
        return Look((MESSAGES, DEAD_LETTERS), self.read)

    def read(self) -> Iterable[Reading]:
        """Return how many wait in each queue, and how many dead in all; raises one of BUS_ERRORS.

        A queue that is not there is left out and counted.
        """
        counts = self._broker.ask(self._counts)
        readings = [MESSAGES.reads(count, queue, self._queues[queue]) for queue, count in counts.items()]
        dead = [count for queue, count in counts.items() if self._queues[queue] == "dead"]
        return [*readings, *([DEAD_LETTERS.reads(sum(dead))] if dead else [])]

    def close(self) -> None:
        """Drop the connection."""
        self._broker.close()

    def _counts(self) -> dict[str, int]:
        counts = {}
        for queue in self._queues:
            try:
                declared = self._broker.channel.queue_declare(queue, passive=True)
            except amqp.NotFound:
                metrics.GAUGE_FAILURES.labels(MESSAGES.name).inc()
            else:
                counts[queue] = int(declared.message_count)
        return counts
