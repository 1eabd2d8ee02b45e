"""Sending replies: one connection per container, no confirms, transient, and never a reason to die.

nameko's own looks a connection up and waits for the broker's confirmation at each reply, which was half of a
service's CPU, and kills the service when a reply can't be published. A lost reply is the caller's time-out.
"""

import contextlib
import json
import time
from typing import Any

import amqp
import eventlet
from eventlet.semaphore import Semaphore
from nameko.extensions import SharedExtension

from chassis.running.log import get_logger
from chassis.values.errors import Failed, Refused, Unavailable
from chassis.wire import bus

CONNECT_MAX_S = 1.0
HEARTBEAT_S = 5
TICK_S = 1.0

_log = get_logger()
_encode = json.JSONEncoder(separators=(",", ":")).encode


class Responder(SharedExtension):
    """Publishes the replies of all doors of a container."""

    def __init__(self) -> None:
        self._connection: bus.Connection | None = None
        self._channel: amqp.Channel = None
        self._connecting = Semaphore(1)
        self._not_before = 0.0

    def reply(
        self,
        request: amqp.Message,
        result: object = None,
        error: Refused | Unavailable | Failed | None = None,
    ) -> None:
        """Send a result or an error to whom `request` names; lost replies are logged, never raised."""
        key = request.properties.get("reply_to", "")
        if not key.startswith("reply."):
            _log.warning("reply_without_address")
            return
        message = amqp.Message(
            _body(result, error),
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=request.properties.get("correlation_id", ""),
            delivery_mode=1,
        )
        # A reply that is sent twice is dropped by its correlation id, so a second attempt is safe.
        for _attempt in range(2):
            try:
                self._open_channel().basic_publish(message, bus.RPC_EXCHANGE, key)
            except bus.BUS_ERRORS as lost:
                self._drop(self._connection)
                reason = type(lost).__name__
            else:
                return
        _log.warning("reply_lost", reason=reason)

    def stop(self) -> None:
        """Close in good form: a reset would take the last replies with it."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            connection.collect()

    def kill(self) -> None:
        """Drop the connection."""
        self._drop(self._connection)

    def _open_channel(self) -> amqp.Channel:
        if self._channel is not None:
            return self._channel
        with self._connecting:
            if self._channel is None:
                self._connect()
            return self._channel

    def _connect(self) -> None:
        if time.monotonic() < self._not_before:
            raise ConnectionRefusedError("the broker was away a moment ago")
        # Set first: all who wait for the semaphore must not each try a frozen broker in turn.
        self._not_before = time.monotonic() + 2 * CONNECT_MAX_S
        connection = bus.connect(
            self.container.config["AMQP_URI"],
            name=f"{self.container.service_name} replies",
            timeout_s=CONNECT_MAX_S,
            heartbeat_s=HEARTBEAT_S,
        )
        self._channel = connection.channel()
        self._connection = connection
        self._not_before = 0.0
        eventlet.spawn(self._listen, connection)

    def _listen(self, connection: bus.Connection) -> None:
        """Hear the broker close the channel; otherwise it would drop all later replies without a word."""
        try:
            while self._connection is connection:
                with contextlib.suppress(TimeoutError):
                    connection.drain_events(timeout=TICK_S)
                connection.heartbeat_tick()
        except bus.BUS_ERRORS as error:
            if self._connection is connection:  # not when we have closed it ourselves
                _log.info("reply_connection_lost", reason=type(error).__name__)
        self._drop(connection)

    def _drop(self, connection: bus.Connection | None) -> None:
        if connection is None:
            return
        if self._connection is connection:
            self._connection = self._channel = None
        connection.collect()


def _body(result: Any, error: Refused | Unavailable | Failed | None) -> str:
    if error is None:
        try:
            return _encode({"result": result, "error": None})
        except (TypeError, ValueError):
            _log.exception("reply_not_json")
            error = Failed("UnserializableReply")
    return _encode({"result": None, "error": error.to_wire()})
