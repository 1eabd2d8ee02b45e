"""Hearing events: the entrypoint `on_event`, its delayed retries and its dead letters.

How an event reads is in `event`; how a handler keeps from acting twice is in `inbox`; which queues exist is
in `topology`, for nothing is declared here.
"""

import functools
from collections.abc import Callable
from functools import partial
from typing import Any

import amqp
from eventlet import sleep
from eventlet.event import Event as Signal
from eventlet.semaphore import Semaphore
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension, register_entrypoint

from chassis import mongo, topology
from chassis.consumer import Consumer
from chassis.errors import Refused, Unavailable
from chassis.event import Event, Unreadable
from chassis.failpoints import failpoint
from chassis.log import bind, get_logger
from chassis.publisher import Message, NotPublished, Publisher

__all__ = ["Event", "on_event"]

ERROR_TEXT_MAX = 300
PREFETCH = 8
MOVE_AGAIN_AFTER_S = 0.5

log = get_logger()

Method = Callable[[Any, Event], None]


def on_event(producer: str, event: str, *, versions: tuple[int, ...] = (1,)) -> Callable[[Method], Method]:
    """Call the method with each `Event` named `event` that the service `producer` publishes.

    A handler that returns has its message acknowledged. One that raises, `Refused` included, gets the same
    event again after 1, 2, 4 and 8 s; then the event goes to the service's dead letters. An outage (the
    database away, another service unavailable) is waited out instead, for 8 s at a time. Messages that can't
    be read, or were told in none of `versions`, are dead at once; of several the handler gets the latest.
    Handlers may meet an event twice: use the inbox or a natural key.
    """

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def handle(service: Any, heard: Event) -> None:
            bind(request_id=heard.correlation_id, event_name=heard.name, event_id=heard.id)
            failpoint(f"{service.name}.events.before_handling")
            method(service, heard)

        register_entrypoint(handle, EventHandler(producer, event, versions))
        return handle

    return decorate


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

    def __init__(self, producer: str, event: str, versions: tuple[int, ...]) -> None:
        super().__init__()
        self.producer = producer
        self.event = event
        self.versions = versions
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

    def _on_message(self, message: amqp.Message) -> None:
        self.container.spawn_managed_thread(partial(self._handle, message), identifier=f"event {self.event}")

    def _handle(self, message: amqp.Message) -> None:
        """Read the message and run the method on it; ends when the message has been dealt with."""
        try:
            heard = self._read(message)
        except Unreadable as error:
            self._bury(message, _text(error))
            return
        with self.hearing.room:
            if not self.stopping:
                self._work(message, heard)

    def _read(self, message: amqp.Message) -> Event:
        heard = Event.decode(_body(message))
        if heard.name != self.event:
            raise Unreadable(f"the event {heard.name!r} came to the queue of {self.event!r}")
        return heard.read_as(self.versions)

    def _work(self, message: amqp.Message, heard: Event) -> None:
        done = Signal()
        try:
            self.container.spawn_worker(
                self,
                (heard,),
                {},
                context_data={"request_id": heard.correlation_id},
                handle_result=partial(self._on_result, message, done),
            )
        except ContainerBeingKilled:
            self.consumer.requeue(message)
            return
        done.wait()

    def _on_result(
        self, message: amqp.Message, done: Signal, _worker: object, result: object, exc_info: Any
    ) -> tuple[object, Any]:
        try:
            if exc_info is None:
                failpoint(f"{self.container.service_name}.events.before_ack")
                self.consumer.ack(message)
                failpoint(f"{self.container.service_name}.events.after_ack")
            else:
                self._repeat(message, exc_info[1])
        finally:
            done.send()
        return result, exc_info

    def _repeat(self, message: amqp.Message, error: BaseException) -> None:
        """Put the message where it waits for its next attempt, or among the dead after the last."""
        headers = message.properties.get("application_headers") or {}
        attempt, outage = _number(headers, "x-attempt"), _number(headers, "x-outage")
        delays = topology.RETRY_DELAYS_S
        if _is_outage(error):
            outage += 1
            delay = delays[min(outage, len(delays)) - 1]
        else:
            attempt += 1
            if attempt > len(delays):
                self._bury(message, _text(error), attempt)
                return
            delay = delays[attempt - 1]
        counts = {"x-attempt": attempt, "x-outage": outage, "x-error": _text(error)}
        exchange = topology.wait_exchange(self.container.service_name)
        self._move(message, exchange, f"{delay}.{self.queue_name}", counts)

    def _bury(self, message: amqp.Message, why: str, attempt: int = 0) -> None:
        log.error("event_dead", queue=self.queue_name, why=why, attempt=attempt)
        headers = {"x-error": why, "x-attempt": attempt, "x-origin": self.queue_name}
        self._move(message, topology.dead_letters(self.container.service_name), self.queue_name, headers)

    def _move(self, message: amqp.Message, exchange: str, key: str, headers: dict[str, Any]) -> None:
        """Publish the message elsewhere and only then acknowledge it; while that fails it stays ours."""
        message_id = str(message.properties.get("message_id") or "")
        moved = Message(exchange, key, _body(message), message_id, headers)
        while message.channel.connection is not None and not self.stopping:
            try:
                failpoint(f"{self.container.service_name}.events.before_move")
                if self.hearing.publisher.publish([moved])[0]:
                    failpoint(f"{self.container.service_name}.events.after_move")
                    self.consumer.ack(message)
                    return
                log.error("event_unmovable", exchange=exchange, routing_key=key)
            except NotPublished as error:
                log.warning("event_move_waits", exchange=exchange, reason=str(error))
            sleep(MOVE_AGAIN_AFTER_S)


def _body(message: amqp.Message) -> bytes:
    return message.body if isinstance(message.body, bytes) else str(message.body).encode()


def _is_outage(error: BaseException) -> bool:
    refused_for_now = isinstance(error, Refused) and error.code == "unavailable"
    return refused_for_now or isinstance(error, Unavailable) or mongo.is_outage(error)


def _number(headers: dict[str, Any], name: str) -> int:
    value = headers.get(name, 0)
    return value if isinstance(value, int) else 0


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:ERROR_TEXT_MAX]
