"""The broker as its administrator sees it: listen to what is said, say it again, look at the dead."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import amqp

from chassis.values.event import PACK
from chassis.wire import bus, topology

PRODUCERS = ("identity", "family", "booking", "billing")
QUIET_S = 1.0


@dataclass(frozen=True)
class Said:
    """One message as it was published, with one event or several of a name: exchange, routing key, body."""

    exchange: str
    name: str
    body: bytes | str

    def singly(self) -> list["Said"]:
        """The same, each event in a message of its own."""
        told = json.loads(self.body)
        return [Said(self.exchange, self.name, json.dumps(event)) for event in told.get(PACK, [told])]


class Desk:
    """An administrator's channel."""

    def __init__(self, connection: bus.Connection) -> None:
        self._connection = connection
        self._channel = connection.channel()
        self._heard: list[Said] = []

    def listen(self) -> None:
        """Hear every event from now on, beside those for whom they are meant."""
        queue = self._channel.queue_declare("", exclusive=True, auto_delete=True).queue
        for producer in PRODUCERS:
            self._channel.queue_bind(queue, topology.events_exchange(producer), "#")
        self._channel.basic_consume(queue, no_ack=True, callback=self._hear)

    def heard(self) -> list[Said]:
        """Give what was said since `listen`, once nothing more comes."""
        until = time.monotonic() + QUIET_S
        while (left_s := until - time.monotonic()) > 0:
            try:
                self._connection.drain_events(timeout=left_s)
            except TimeoutError:
                break
            until = time.monotonic() + QUIET_S
        return list(self._heard)

    def say(self, said: Said) -> None:
        """Publish a message in the name of its producer."""
        message = amqp.Message(said.body, content_type="application/json", delivery_mode=2)
        self._channel.basic_publish(message, said.exchange, said.name)

    def dead(self, service: str) -> int:
        """Count the dead letters of a service."""
        return int(self._channel.queue_declare(topology.dead_letters(service), passive=True).message_count)

    def bury(self, service: str) -> None:
        """Take the dead letters of a service away."""
        self._channel.queue_purge(topology.dead_letters(service))

    def _hear(self, message: amqp.Message) -> None:
        info = message.delivery_info
        self._heard.append(Said(info["exchange"], info["routing_key"], message.body))


@contextmanager
def desk(amqp_uri: str) -> Iterator[Desk]:
    """Open an administrator's channel for as long as it is used."""
    connection = bus.connect(amqp_uri, name="chaos", timeout_s=10)
    try:
        yield Desk(connection)
    finally:
        connection.close()
