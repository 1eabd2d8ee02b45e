"""Publishing that is known to have arrived: persistent, mandatory, confirmed, many at a time.

What is published and what happens to a message that no queue took is decided by the callers: the relay, the
delayed retry of events and the replay command.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import amqp

from chassis.wire import bus

CONFIRM_MAX_S = 5.0
PERSISTENT = 2


class NotPublished(Exception):  # noqa: N818 - named for what the caller must know
    """The broker could not be reached or did not confirm in time; what was sent may have arrived."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to publish; `body` is JSON."""

    exchange: str
    routing_key: str
    body: bytes
    message_id: str
    headers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Batch:
    """What the broker said so far about the messages of one batch, by delivery tag."""

    waiting: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    returned: set[str] = field(default_factory=set)

    def settle(self, delivery_tag: int, *, multiple: bool, refused: bool) -> None:
        tags = {tag for tag in self.waiting if tag <= delivery_tag} if multiple else {delivery_tag}
        self.waiting -= tags
        if refused:
            self.refused |= tags


class Publisher:
    """One connection and channel in confirm mode; made at first use, dropped at any error. Safe to share."""

    def __init__(self, amqp_uri: str) -> None:
        self._uri = amqp_uri
        self._lock = threading.Lock()
        self._connection: Any = None
        self._channel: Any = None
        self._published = 0
        self._batch = _Batch()

    def publish(self, messages: Sequence[Message]) -> list[bool]:
        """Publish all and return, in order, whether a queue took each; the broker has confirmed it.

        Raises NotPublished when nothing is known; the whole batch may then be published again.
        """
        with self._lock:
            fresh = self._connection is None
            try:
                return self._publish(messages)
            except NotPublished:
                if fresh:
                    raise
            # A connection that lay idle may have been closed since; the second try is on a new one.
            return self._publish(messages)

    def close(self) -> None:
        """Close the connection; the next batch opens another."""
        with self._lock:
            self._drop()

    def _publish(self, messages: Sequence[Message]) -> list[bool]:
        try:
            self._connect()
            self._batch = _Batch()
            tags = [self._send(message, index) for index, message in enumerate(messages)]
            self._wait()
        except bus.BUS_ERRORS as error:
            self._drop()
            raise NotPublished(f"{type(error).__name__}: {error}") from error
        except BaseException:
            # Killed in the middle: answers to this batch must never be taken for answers to the next.
            self._drop()
            raise
        batch = self._batch
        return [
            tag not in batch.refused and str(index) not in batch.returned for index, tag in enumerate(tags)
        ]

    def _connect(self) -> None:
        if self._channel is not None:
            return
        self._connection = bus.connect(self._uri, name="events", timeout_s=CONFIRM_MAX_S)
        channel = self._connection.channel()
        channel.confirm_select()
        channel.events["basic_ack"].add(
            lambda tag, many: self._batch.settle(tag, multiple=many, refused=False)
        )
        channel.events["basic_nack"].add(
            lambda tag, many: self._batch.settle(tag, multiple=many, refused=True)
        )
        channel.events["basic_return"].add(self._on_return)
        self._channel, self._published = channel, 0

    def _send(self, message: Message, index: int) -> int:
        self._published += 1
        self._batch.waiting.add(self._published)
        headers = {**message.headers, "x-batch": str(index)}
        self._channel.basic_publish(
            amqp.Message(
                message.body,
                content_type="application/json",
                content_encoding="utf-8",
                delivery_mode=PERSISTENT,
                message_id=message.message_id,
                application_headers=headers,
            ),
            exchange=message.exchange,
            routing_key=message.routing_key,
            mandatory=True,
        )
        return self._published

    def _wait(self) -> None:
        deadline = time.monotonic() + CONFIRM_MAX_S
        while self._batch.waiting:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{len(self._batch.waiting)} messages unconfirmed")
            self._connection.drain_events(timeout=left)

    def _on_return(self, _error: Exception, _exchange: str, _routing_key: str, message: Any) -> None:
        self._batch.returned.add(str(message.headers.get("x-batch")))

    def _drop(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            connection.collect()
