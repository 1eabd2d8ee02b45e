"""Two copies of booking on one broker and database: how old an event is when it leaves, whoever wrote it.

Copies take turns at answering, and one of them holds the relay's lease: of half of the events the writer is
not the sender, and has to wake the other.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Self

import amqp

from bench import journeys
from bench.grounds import beside
from bench.load import run
from bench.scenarios import Course, reviewed
from bench.town import INVOICED, movement
from chassis.testing.waiting import eventually
from chassis.values.event import Event
from chassis.wire import bus, topology
from deploy.local.stack import Stack

SERVICE = "booking"
START_S = 30.0
LISTEN_S = 0.2


def ages(course: Course) -> list[float]:
    """Return, of every event of a crowd of confirmations, the seconds from its write until a queue had it.

    One client asks, so that most events find no relay at work. The instant of an event is that of its door,
    somewhat before the write: what is returned is rather too much.
    """
    with _second_copy(course.ground.stack), _Listener(course.ground.stack.amqp_uri) as listener:
        (day,) = course.take_days(1)
        wanted = [[movement(family.children[0], INVOICED, day)] for family in course.families]
        baskets = reviewed(course, wanted)
        listener.ages.clear()
        run(course.ground.address, [journeys.confirm(basket) for basket in baskets], clients=1)
        course.ground.settle()
        eventually(lambda: len(listener.ages) >= len(baskets), timeout_s=START_S)
        return list(listener.ages)


@contextmanager
def _second_copy(stack: Stack) -> Iterator[None]:
    environment = {key: value for key, value in stack.env(SERVICE).items() if key != "HEALTH_PORT"}
    module = ["chassis.process.runner", f"{SERVICE}.service:{SERVICE.capitalize()}"]
    with beside(module, environment, stack.directory / "log" / f"{SERVICE}-2.log"):
        eventually(lambda: _copies(stack.amqp_uri) == 2, timeout_s=START_S)
        yield


def _copies(amqp_uri: str) -> int:
    """Count who takes requests to the service."""
    connection = bus.connect(amqp_uri, name="bench", timeout_s=5)
    try:
        queue = connection.channel().queue_declare(bus.rpc_queue(SERVICE), passive=True)
        return int(queue.consumer_count)
    finally:
        connection.close()


class _Listener:
    """A queue of its own for all that booking tells, read by a thread."""

    def __init__(self, amqp_uri: str) -> None:
        self.ages: list[float] = []
        self._connection = bus.connect(amqp_uri, name="bench", timeout_s=LISTEN_S)
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self) -> Self:
        channel = self._connection.channel()
        name = channel.queue_declare("", exclusive=True, auto_delete=True).queue
        channel.queue_bind(name, topology.events_exchange(SERVICE), "#")
        channel.basic_consume(name, no_ack=True, callback=self._heard)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._left.set()
        self._thread.join()
        self._connection.close()

    def _listen(self) -> None:
        while not self._left.is_set():
            try:
                self._connection.drain_events(timeout=LISTEN_S)
            except TimeoutError:
                continue

    def _heard(self, message: amqp.Message) -> None:
        now = datetime.now(UTC)
        body = message.body if isinstance(message.body, bytes) else message.body.encode()
        self.ages += [(now - event.occurred_at).total_seconds() for event in Event.decode_all(body)]
