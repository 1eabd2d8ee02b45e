"""Taking messages from the broker: one connection per container, one channel per queue.

It stands in the place of nameko's QueueConsumer, which declares what it consumes, dies of a body that is not
JSON, and can't be stopped while the broker is away. Nothing is declared here: a missing queue is an error.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import amqp
import eventlet
from nameko.extensions import SharedExtension

from chassis.running.log import get_logger
from chassis.wire import bus
from chassis.wire.bell import CopiesBell

HEARTBEAT_S = 5
CONNECT_MAX_S = 2.0
TICK_S = 1.0
"""How often the reader looks up from the socket, to send heartbeats and to see whether it is to stop."""
BACKOFF_FIRST_S, BACKOFF_MAX_S = 0.2, 1.0

_log = get_logger()


@dataclass(slots=True)
class _Subscription:
    queue_name: str
    on_message: Callable[[amqp.Message], None]
    prefetch: int
    channel: amqp.Channel = None
    consumer_tag: str = ""

    def open(self, connection: bus.Connection, dispatch: Callable[[amqp.Message], None]) -> None:
        """Consume over a channel of this connection; raises one of BUS_ERRORS."""
        channel = connection.channel()
        channel.basic_qos(0, self.prefetch, a_global=False)
        self.channel = channel
        self.consumer_tag = channel.basic_consume(queue=self.queue_name, callback=dispatch)


class Consumer(SharedExtension):
    """An entrypoint calls `register` in its setup, `ack` when the work is done, `stop_consuming` in its stop.

    `on_message` gets the message as py-amqp made it: `body` (bytes), `properties`, `delivery_info`. It runs
    in the reading greenlet, so it must not wait: it spawns a worker. If it raises, the message is rejected.
    """

    def __init__(self) -> None:
        self._subscriptions: list[_Subscription] = []
        self._bells: list[CopiesBell] = []
        self._connection: bus.Connection | None = None
        self._reader: Any = None
        self._stopping = False

    def register(
        self, queue_name: str, on_message: Callable[[amqp.Message], None], prefetch: int | None = None
    ) -> None:
        """Consume a queue from the container's start on; `prefetch` unacknowledged messages at most."""
        prefetch = prefetch or self.container.max_workers
        self._subscriptions.append(_Subscription(queue_name, on_message, prefetch))

    def hear(self, bell: CopiesBell) -> None:
        """Hear a bell from the container's start on."""
        self._bells.append(bell)

    def start(self) -> None:
        """Connect and consume; an absent broker or queue ends the start, and the supervisor repeats it."""
        if self._subscriptions or self._bells:
            self._open()
            self._reader = self.container.spawn_managed_thread(self._read, identifier="consumer")

    def stop_consuming(self) -> None:
        """Ask the broker for no more. What was not begun stays unacknowledged, and so in its queue."""
        if self._stopping:
            return
        self._stopping = True
        consuming: list[_Subscription | CopiesBell] = [*self._subscriptions, *self._bells]
        for heard in consuming:
            try:
                # Not basic_cancel, which would read beside the reader; the broker's answer wakes the reader.
                heard.channel.send_method(amqp.spec.Basic.Cancel, "sb", (heard.consumer_tag, False))
            except bus.BUS_ERRORS:
                return
            except AttributeError:  # never opened, or being opened again
                continue

    def stop(self) -> None:
        """Close the connection in good form, since a reset would take the last acknowledgements with it."""
        self.stop_consuming()
        if self._reader is not None:
            self._reader.wait()
        if self._connection is not None:
            try:
                self._connection.close()
            except bus.BUS_ERRORS:
                self._connection.collect()

    def kill(self) -> None:
        """Drop the connection; the broker hands what was in work to another copy of the service."""
        self._stopping = True
        if self._connection is not None:
            self._connection.collect()

    def ack(self, message: amqp.Message) -> None:
        """Tell the broker that this message is done; if its connection is lost, it comes again."""
        self._settle(message, "basic_ack")

    def reject(self, message: amqp.Message) -> None:
        """Give the message up: its queue's dead-letter exchange takes it, if there is one."""
        self._settle(message, "basic_reject", requeue=False)

    def requeue(self, message: amqp.Message) -> None:
        """Put the message back."""
        self._settle(message, "basic_reject", requeue=True)

    def _settle(self, message: amqp.Message, verb: str, **options: bool) -> None:
        channel = message.channel
        if channel is None or channel.connection is None:
            return
        try:
            getattr(channel, verb)(message.delivery_info["delivery_tag"], **options)
        except bus.BUS_ERRORS as error:
            _log.info("message_not_settled", reason=type(error).__name__)

    def _open(self) -> None:
        name = self.container.service_name
        connection = bus.connect(
            self.container.config["AMQP_URI"],
            name=f"{name} consumes",
            timeout_s=CONNECT_MAX_S,
            heartbeat_s=HEARTBEAT_S,
        )
        self._connection = connection
        for subscription in self._subscriptions:
            subscription.open(connection, partial(self._dispatch, subscription))
        for bell in self._bells:
            bell.open(connection)

    def _read(self) -> None:
        next_tick = 0.0
        while not self._stopping:
            try:
                self._drain()
                if time.monotonic() >= next_tick and self._connection is not None:
                    self._connection.heartbeat_tick()
                    next_tick = time.monotonic() + 1
            except bus.BUS_ERRORS as error:
                self._open_again(error)

    def _drain(self) -> None:
        connection = self._connection
        if connection is None or not connection.connected:
            raise amqp.RecoverableConnectionError("not connected")
        try:
            connection.drain_events(timeout=TICK_S)
        except TimeoutError:
            return

    def _open_again(self, error: Exception) -> None:
        wait_s = BACKOFF_FIRST_S
        while not self._stopping:
            _log.warning("broker_lost", reason=type(error).__name__, next_try_in_s=wait_s)
            if self._connection is not None:
                self._connection.collect()
            eventlet.sleep(wait_s)
            try:
                self._open()
            except bus.BUS_ERRORS as again:
                error = again
                wait_s = min(2 * wait_s, BACKOFF_MAX_S)
            else:
                _log.info("broker_found")
                return

    def _dispatch(self, subscription: _Subscription, message: amqp.Message) -> None:
        if self._stopping:
            return
        try:
            subscription.on_message(message)
        except Exception:  # noqa: BLE001 - one bad message must not end the reading of all
            _log.exception("message_rejected", queue=subscription.queue_name)
            self.reject(message)
