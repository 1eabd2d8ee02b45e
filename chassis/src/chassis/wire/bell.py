"""The bell that all copies of a service hear: a transient fan-out, by which one wakes the relays of all.

Nothing depends on it. A ring that is lost, or a broker that knows of no bell, is a delay: every relay looks
by itself as well.
"""

import uuid
from collections.abc import Callable
from typing import Any

import amqp

from chassis.running.log import get_logger
from chassis.wire import bus, topology

_log = get_logger()


class CopiesBell:
    """One copy's end of the bell of `service`; `on_ring` is called whenever a copy rings, this one too.

    It lives on the connection that the copy consumes by, with a channel and a queue of its own, which go with
    the connection.
    """

    def __init__(self, service: str, on_ring: Callable[[], None]) -> None:
        self._service = service
        self._on_ring = on_ring
        self.channel: Any = None
        self.consumer_tag = ""

    def open(self, connection: bus.Connection) -> None:
        """Hear the bell by this connection. Without an exchange for it, or the right to it, say so and go on.

        Raises one of BUS_ERRORS when the connection is lost.
        """
        self.channel = None
        name = topology.bell_queue(self._service, uuid.uuid4().hex)
        channel = connection.channel()
        try:
            # Rings say nothing, so that one is as good as many: a copy that is frozen heaps none up.
            channel.queue_declare(
                name, durable=False, exclusive=True, auto_delete=True, arguments={"x-max-length": 1}
            )
            channel.queue_bind(name, topology.bell_exchange(self._service))
            self.consumer_tag = channel.basic_consume(name, no_ack=True, callback=self._heard)
        except (amqp.NotFound, amqp.AccessRefused) as error:
            _log.warning("bell_unheard", reason=type(error).__name__)
        else:
            self.channel = channel

    def ring(self) -> None:
        """Wake the relays of all copies; where there is no bell, or no broker, do nothing."""
        if self.channel is None or self.channel.connection is None:
            return
        try:
            self.channel.basic_publish(
                amqp.Message(b"", delivery_mode=1), exchange=topology.bell_exchange(self._service)
            )
        except bus.BUS_ERRORS as error:
            _log.debug("bell_not_rung", reason=type(error).__name__)

    def _heard(self, _message: amqp.Message) -> None:
        self._on_ring()
