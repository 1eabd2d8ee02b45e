"""Hearing events: the entrypoint `on_event`, its delayed retries and its dead letters.

How an event reads is in `event`; how a handler keeps from acting twice is in `inbox`; which queues exist is
in `topology`, for nothing is declared here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

import amqp
from eventlet import sleep
from eventlet.event import Event as Signal
from eventlet.semaphore import Semaphore
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension, register_entrypoint

from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.storage.outage import what_is_away
from chassis.values.event import Event, Unreadable
from chassis.wire import topology
from chassis.wire.consumer import Consumer
from chassis.wire.publisher import Message, NotPublished, Publisher

__all__ = ["Event", "on_event", "on_events"]

ERROR_TEXT_MAX = 300
PREFETCH = 8
MOVE_AGAIN_AFTER_S = 0.5

log = get_logger()

F = TypeVar("F", bound=Callable[..., None])


def on_event(producer: str, event: str, *, versions: tuple[int, ...] = (1,)) -> Callable[[F], F]:
    """Call the function with each `Event` named `event` that the service `producer` publishes.

    A handler that returns has its message acknowledged. One that raises, `Refused` included, gets the same
    event again after 1, 2, 4 and 8 s; then the event goes to the service's dead letters. An outage (the
    database away, another service unavailable) is waited out instead, for 8 s at a time. Messages that can't
    be read, or were told in none of `versions`, are dead at once; of several the handler gets the latest.
    Handlers may meet an event twice: use the inbox or a natural key.
    """

    def register(handler: F) -> F:
        register_entrypoint(handler, EventHandler(producer, event, versions))
        return handler

    return register


def on_events(producer: str, event: str, *, versions: tuple[int, ...] = (1,)) -> Callable[[F], F]:
    """Call the function with such events as a list: as many of one organisation as came together, in order.

    For what can be written together. As `on_event` otherwise; when it raises on several, each of them comes
    again alone.
    """

    def register(handler: F) -> F:
        register_entrypoint(handler, EventHandler(producer, event, versions, many=True))
        return handler

    return register


@dataclass(frozen=True, slots=True)
class Letter:
    """What one event travels in, all its versions: its id and body."""

    event_id: str
    body: bytes


Heard = tuple[Event, Letter]


class Hearing(SharedExtension):
    """What the handlers of a container share: room to work, and the publisher of retries and dead letters.

    Handlers take at most half of the container's workers, so that a flood of events leaves room for calls.
    """

    def setup(self) -> None:
        """Make room; no connection is opened before it is needed."""
        self.room = Semaphore(max(1, self.container.max_workers // 2))
        self.publisher = Publisher(self.container.config["AMQP_URI"])

    def stop(self) -> None:
        """Close the connection."""
        self.publisher.close()


class EventHandler(Entrypoint):
    """One queue and the method that handles its messages; made by `on_event`."""

    consumer = Consumer()
    hearing = Hearing()

    def __init__(self, producer: str, event: str, versions: tuple[int, ...], *, many: bool = False) -> None:
        super().__init__()
        self.producer = producer
        self.event = event
        self.versions = versions
        self.many = many
        self.stopping = False

    @property
    def queue_name(self) -> str:
        """As the topology declares it."""
        return topology.event_queue(self.container.service_name, self.producer, self.event)

    def setup(self) -> None:
        """Ask to hear the queue."""
        self.consumer.register(self.queue_name, self._on_message, PREFETCH)

    def stop(self) -> None:
        """Hear no more; what was not begun goes back to the queue when the connection closes."""
        self.stopping = True
        self.consumer.stop_consuming()

    def before_work(self, _worker_ctx: object) -> None:
        """Die here where a test says so; called by the container, in the worker."""
        failpoint(f"{self.container.service_name}.events.before_handling")

    def _on_message(self, message: amqp.Message) -> None:
        self.container.spawn_managed_thread(partial(self._handle, message), identifier=f"event {self.event}")

    def _handle(self, message: amqp.Message) -> None:
        """Read the message and run the method on what it holds; ends when all of it has been dealt with."""
        heard, dead = self._read(message)
        for letter, why in dead:
            if not self._bury(message, [letter], why):
                return
        if not heard:
            self.consumer.ack(message)
            return
        with self.hearing.room:
            groups = list(self._groups(heard))
            for number, group in enumerate(groups, 1):
                if self.stopping or not self._work(message, group, last=number == len(groups)):
                    return

    def _read(self, message: amqp.Message) -> tuple[list[Heard], list[tuple[Letter, str]]]:
        """Read each event of the message by itself: what the method can be given; what is dead, and why."""
        heard: list[Heard] = []
        dead: list[tuple[Letter, str]] = []
        try:
            events = Event.decode_all(_body(message))
        except Unreadable as error:
            whole = Letter(str(message.properties.get("message_id") or ""), _body(message))
            return [], [(whole, _text(error))]
        for each in events:
            letter = Letter(each.id, _body(message) if len(events) == 1 else each.encode())
            try:
                heard.append((self._understood(each), letter))
            except Unreadable as error:
                dead.append((letter, _text(error)))
        return heard, dead

    def _understood(self, event: Event) -> Event:
        if event.name != self.event:
            raise Unreadable(f"the event {event.name!r} came to the queue of {self.event!r}")
        return event.read_as(self.versions)

    def _groups(self, heard: list[Heard]) -> Iterator[list[Heard]]:
        """Put together what the method gets at once: one event, or all of one organisation."""
        if self.many:
            for _, group in groupby(heard, key=lambda each: each[0].organisation_id):
                yield list(group)
        else:
            for each in heard:
                yield [each]

    def _work(self, message: amqp.Message, group: list[Heard], *, last: bool) -> bool:
        """Run the method; False when the message has to be left to the broker."""
        done = Signal()
        events = [event for event, _ in group]
        try:
            self.container.spawn_worker(
                self,
                (events if self.many else events[0],),
                {},
                context_data={
                    "request_id": events[0].correlation_id,
                    "event_name": events[0].name,
                    "event_id": events[0].id,
                },
                handle_result=partial(self._on_result, message, group, last, done),
            )
        except ContainerBeingKilled:
            self.consumer.requeue(message)
            return False
        return bool(done.wait())

    def _on_result(  # noqa: PLR0913, PLR0917 - nameko adds the last three
        self,
        message: amqp.Message,
        group: list[Heard],
        last: bool,  # noqa: FBT001
        done: Signal,
        _worker: object,
        result: object,
        exc_info: Any,
    ) -> tuple[object, Any]:
        dealt_with = False
        try:
            letters = [letter for _, letter in group]
            dealt_with = exc_info is None or self._repeat(message, letters, exc_info[1])
            if dealt_with and last:
                failpoint(f"{self.container.service_name}.events.before_ack")
                self.consumer.ack(message)
                failpoint(f"{self.container.service_name}.events.after_ack")
        finally:
            done.send(dealt_with)
        return result, exc_info

    def _repeat(self, message: amqp.Message, letters: list[Letter], error: BaseException) -> bool:
        """Put each event where it waits for its next attempt, or among the dead after the last."""
        headers = message.properties.get("application_headers") or {}
        attempt, outage = _number(headers, "x-attempt"), _number(headers, "x-outage")
        delays = topology.RETRY_DELAYS_S
        if _is_outage(error):
            outage += 1
            delay = delays[min(outage, len(delays)) - 1]
        else:
            attempt += 1
            if attempt > len(delays):
                return self._bury(message, letters, _text(error), attempt)
            delay = delays[attempt - 1]
        counts = {"x-attempt": attempt, "x-outage": outage, "x-error": _text(error)}
        exchange = topology.wait_exchange(self.container.service_name)
        return self._move(message, letters, exchange, f"{delay}.{self.queue_name}", counts)

    def _bury(self, message: amqp.Message, letters: list[Letter], why: str, attempt: int = 0) -> bool:
        # The text may quote the event: it goes with the dead letter, not into the log.
        log.error("event_dead", queue=self.queue_name, why=why.partition(":")[0], attempt=attempt)
        headers = {"x-error": why, "x-attempt": attempt, "x-origin": self.queue_name}
        return self._move(
            message, letters, topology.dead_letters(self.container.service_name), self.queue_name, headers
        )

    def _move(
        self, message: amqp.Message, letters: list[Letter], exchange: str, key: str, headers: dict[str, Any]
    ) -> bool:
        """Publish what the message held elsewhere; while that fails it stays ours.

        False when we are not asked any more.
        """
        moved = [Message(exchange, key, letter.body, letter.event_id, headers) for letter in letters]
        while message.channel.connection is not None and not self.stopping:
            try:
                failpoint(f"{self.container.service_name}.events.before_move")
                if all(self.hearing.publisher.publish(moved)):
                    failpoint(f"{self.container.service_name}.events.after_move")
                    return True
                log.error("event_unmovable", exchange=exchange, routing_key=key)
            except NotPublished as error:
                log.warning("event_move_waits", exchange=exchange, reason=type(error).__name__)
            sleep(MOVE_AGAIN_AFTER_S)
        return False


def _body(message: amqp.Message) -> bytes:
    return message.body if isinstance(message.body, bytes) else str(message.body).encode()


def _is_outage(error: BaseException) -> bool:
    return what_is_away(error) is not None


def _number(headers: dict[str, Any], name: str) -> int:
    value = headers.get(name, 0)
    return value if isinstance(value, int) else 0


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:ERROR_TEXT_MAX]
