"""Hearing events: the entrypoint `on_event`, its delayed retries and its dead letters.

How an event reads is in `event`; how a handler keeps from acting twice is in `inbox`; which queues exist is in
`topology`, for nothing is declared here.
"""

import functools
from collections.abc import Callable
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from kombu import Queue
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension, register_entrypoint
from nameko.messaging import QueueConsumer

from chassis import mongo, topology
from chassis.errors import Refused, Unavailable
from chassis.event import Event, Unreadable
from chassis.log import bind, get_logger
from chassis.publisher import Message, NotPublished, Publisher

__all__ = ["Event", "on_event"]

ERROR_TEXT_MAX = 300
PREFETCH_MAX = 8
REPUBLISH_AFTER_S = 0.5

log = get_logger()

Method = Callable[[Any, Event], None]


def on_event(producer: str, event: str, *, versions: tuple[int, ...] = (1,)) -> Callable[[Method], Method]:
    """Call the method with each `Event` named `event` that the service `producer` publishes.

    A handler that returns has its message acknowledged. One that raises, `Refused` included, gets the same event
    again after 1, 2, 4 and 8 s; then the event goes to the service's dead letters. An outage (the database away,
    another service unavailable) is waited out instead, for 8 s at a time. Messages that can't be read, or are of a
    version not in `versions`, are dead at once. Handlers may meet an event twice: use the inbox or a natural key.
    """

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def handle(service: Any, heard: Event) -> None:  # noqa: ANN401 - an instance of any service
            bind(request_id=heard.correlation_id, event_name=heard.name, event_id=heard.id)
            method(service, heard)

        register_entrypoint(handle, EventHandler(producer, event, versions=versions))
        return handle

    return decorate


class EventConsumer(QueueConsumer):
    """The connection by which a container hears events, apart from the one that hears calls.

    Handlers take at most half of the container's workers, so that a flood of events leaves room for calls.
    """

    def __init__(self) -> None:
        super().__init__()
        self._room: Any = None
        self._in_hand = 0

    @property
    def prefetch_count(self) -> int:
        """Unacknowledged messages per queue."""
        return max(1, min(PREFETCH_MAX, self.container.max_workers // 2))

    def setup(self) -> None:
        """Make room for the handlers."""
        self._room = Semaphore(max(1, self.container.max_workers // 2))

    def get_consumers(self, consumer_cls: Callable[..., Any], channel: object) -> Any:  # noqa: ANN401, ARG002
        """Consume raw messages, so that one which is no JSON reaches us instead of being dropped."""
        for provider in self._providers:
            consumer = consumer_cls(
                queues=[provider.queue], on_message=functools.partial(self._on_message, provider)
            )
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def on_iteration(self) -> None:
        """Keep the connection while handlers are at work, so that their acknowledgements arrive."""
        self._cancel_consumers_if_requested()
        self.should_stop = not self._consumers and self._in_hand == 0

    def on_decode_error(self, message: Any, exc: Exception) -> None:  # noqa: ANN401
        """A message that not even AMQP's properties describe goes to the dead letters of its queue."""
        log.error("event_unreadable", error=type(exc).__name__)
        message.reject(requeue=False)

    def _on_message(self, provider: "EventHandler", message: Any) -> None:  # noqa: ANN401
        self.container.spawn_managed_thread(
            functools.partial(self._handle, provider, message), identifier=f"event {provider.queue_name}"
        )

    def _handle(self, provider: "EventHandler", message: Any) -> None:  # noqa: ANN401
        self._in_hand += 1
        try:
            with self._room:
                provider.handle_message(message)
        finally:
            self._in_hand -= 1


class RetryPublisher(SharedExtension):
    """The container's one publisher of retries and dead letters."""

    def setup(self) -> None:
        """Nothing is opened before it is needed."""
        self.publisher = Publisher(self.container.config["AMQP_URI"])

    def stop(self) -> None:
        """Close the connection."""
        self.publisher.close()


class EventHandler(Entrypoint):
    """One queue and the method that handles its messages; made by `on_event`."""

    consumer = EventConsumer()
    retries = RetryPublisher()

    def __init__(
        self, producer: str, event: str, *, versions: tuple[int, ...] = (1,), **options: Any
    ) -> None:  # noqa: ANN401
        self.producer = producer
        self.event = event
        self.versions = versions
        self.stopping = False
        super().__init__(**options)

    @property
    def queue_name(self) -> str:
        """As the topology declares it."""
        return topology.event_queue(self.container.service_name, self.producer, self.event)

    def setup(self) -> None:
        """Ask to hear the queue."""
        self.queue = Queue(self.queue_name, no_declare=True)
        self.consumer.register_provider(self)

    def stop(self) -> None:
        """Hear no more; what was not acknowledged goes back to the queue."""
        self.stopping = True
        self.consumer.unregister_provider(self)

    def handle_message(self, message: Any) -> None:  # noqa: ANN401 - kombu's message
        """Read the message and run the method on it; returns when the message has been dealt with."""
        try:
            event = self._read(message)
        except Unreadable as error:
            self._bury(message, f"{type(error).__name__}: {error}")
            return
        if self.stopping:
            return  # unacknowledged, it goes back to the queue when the connection closes
        done = eventlet.event.Event()
        try:
            self.container.spawn_worker(
                self,
                (event,),
                {},
                context_data={"request_id": event.correlation_id},
                handle_result=functools.partial(self._handle_result, message, done),
            )
        except ContainerBeingKilled:
            self.consumer.requeue_message(message)
            return
        done.wait()

    def _read(self, message: Any) -> Event:  # noqa: ANN401
        body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
        event = Event.decode(body)
        if event.name != self.event:
            raise Unreadable(f"the event {event.name!r} came to the queue of {self.event!r}")
        if event.version not in self.versions:
            raise Unreadable(f"version {event.version} of {event.name} is unknown here")
        return event

    def _handle_result(  # noqa: PLR0913 - nameko's three after our two
        self,
        message: Any,  # noqa: ANN401
        done: Any,  # noqa: ANN401
        _worker: object,
        result: Any,  # noqa: ANN401
        exc_info: Any,  # noqa: ANN401
    ) -> tuple[Any, Any]:
        try:
            if exc_info is None:
                self.consumer.ack_message(message)
            else:
                self._repeat(message, exc_info[1])
        finally:
            done.send()
        return result, exc_info

    def _repeat(self, message: Any, error: BaseException) -> None:  # noqa: ANN401
        """Put the message where it waits for its next attempt, or among the dead after the last."""
        headers = message.headers or {}
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
        self._move(message, f"{self.container.service_name}.wait", f"{delay}.{self.queue_name}", counts)

    def _bury(self, message: Any, why: str, attempt: int = 0) -> None:  # noqa: ANN401
        log.error("event_dead", queue=self.queue_name, error=why, attempt=attempt)
        headers = {"x-error": why, "x-attempt": attempt, "x-origin": self.queue_name}
        self._move(message, f"{self.container.service_name}.dead", self.queue_name, headers)

    def _move(self, message: Any, exchange: str, routing_key: str, headers: dict[str, Any]) -> None:  # noqa: ANN401
        """Publish the message elsewhere and only then acknowledge it; while that fails, it is neither lost nor hot."""
        body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
        message_id = str(message.properties.get("message_id") or "")
        moved = Message(exchange, routing_key, body, message_id, headers)
        while message.channel.connection and not self.stopping:
            try:
                if self.retries.publisher.publish([moved])[0]:
                    self.consumer.ack_message(message)
                    return
                log.error("event_unmovable", exchange=exchange, routing_key=routing_key)
            except NotPublished as error:
                log.warning("event_move_waits", exchange=exchange, error=str(error))
            eventlet.sleep(REPUBLISH_AFTER_S)


def _is_outage(error: BaseException) -> bool:
    unavailable = isinstance(error, Unavailable) or (
        isinstance(error, Refused) and error.code == "unavailable"
    )
    return unavailable or mongo.is_outage(error)


def _number(headers: dict[str, Any], name: str) -> int:
    value = headers.get(name, 0)
    return value if isinstance(value, int) else 0


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:ERROR_TEXT_MAX]
