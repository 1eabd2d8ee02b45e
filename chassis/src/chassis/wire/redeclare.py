"""Queues declared anew: `python -m chassis.wire.redeclare DEFINITIONS`, with all services stopped.

A queue keeps the arguments that it was made with for as long as it lives. One whose arguments differ from the
definitions' is emptied into a queue beside it, deleted, declared as the definitions say, and filled again.
Messages keep their order, headers and routing keys. From the first moment to the last one of the two queues
is bound as the definitions say, so that what is published meanwhile is kept as well; a message may then come
twice, as ever. Interrupted anywhere, even by a kill, the command is run again and goes on.

The broker is AMQP_URI's; its user must be an administrator of the virtual host. Limits that were arguments
are policies now, which the broker must have loaded before.
"""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import amqp
import click

from chassis.running.settings import secret
from chassis.wire import bus
from chassis.wire.publisher import Message, NotPublished, Publisher
from chassis.wire.topology import Definitions, limits_of

TIMEOUT_S = 10.0
BATCH = 200
SETTLE_S = 1.0
"""For messages that expired while their queue was emptied, and are on their way to where they go next."""
_COUNTED_BY_THE_BROKER = "x-delivery-count"

Queue = dict[str, Any]


class NotNow(Exception):  # noqa: N818 - named for what the operator is told
    """Queues that have a consumer, or are full; nothing has been changed."""


class Interrupted(Exception):  # noqa: N818 - named for what the operator is told
    """A queue that somebody used meanwhile, or that took no more; no message is lost."""


@click.command()
@click.argument("definitions", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(definitions: Path) -> None:
    """Declare anew what has other arguments than DEFINITIONS say. Services must be stopped."""
    try:
        moved = redeclare(secret("AMQP_URI"), json.loads(definitions.read_text(encoding="utf-8")))
    except NotNow as error:
        raise click.ClickException(str(error)) from error
    except (Interrupted, NotPublished, *bus.BUS_ERRORS) as error:
        raise click.ClickException(f"run it again: {error}") from error
    for queue, messages in moved.items():
        click.echo(f"{queue}  {messages} messages")
    click.echo(f"{len(moved)} queues declared anew")


def redeclare(amqp_uri: str, definitions: Definitions) -> dict[str, int]:
    """Return which queues were declared anew, and how many messages each holds now.

    Raises NotNow, before anything is changed, when a queue of the definitions has a consumer or is full.
    """
    broker = _Broker(amqp_uri)
    try:
        _check(broker, definitions)
        work = [_Work(queue, definitions) for queue in definitions["queues"]]
        moving = [each for each in work if broker.differs(each.queue) or broker.exists(each.beside)]
        for each in moving:
            each.empty(broker)
        if moving:
            time.sleep(SETTLE_S)
        for each in moving:
            each.make_anew(broker)
        return {each.name: broker.count(each.name) for each in moving}
    finally:
        broker.close()


def _check(broker: "_Broker", definitions: Definitions) -> None:
    for queue in definitions["queues"]:
        name = queue["name"]
        if broker.consumers(name):
            raise NotNow(f"stop the services first: {name} has a consumer")
        # A message that expired and found its queue full stays, unseen, in the queue that it waited in.
        if broker.count(name) >= limits_of(name, definitions["policies"]).get("max-length", float("inf")):
            raise NotNow(f"let its service take some of its messages first: {name} is full")


class _Work:
    """One queue to declare anew, and the one beside it that holds its messages meanwhile."""

    def __init__(self, queue: Queue, definitions: Definitions) -> None:
        self.queue = queue
        self.name = queue["name"]
        self.beside = f"{self.name}.moving"  # under no policy: it has no limits
        self.bindings = [each for each in definitions["bindings"] if each["destination"] == self.name]

    def empty(self, broker: "_Broker") -> None:
        """Let the queue beside take what there is and what comes; nothing to do when a run before did all."""
        if broker.differs(self.queue):
            broker.declare({**self.queue, "name": self.beside})
            broker.bind(self.beside, self.bindings)
            broker.move(self.name, self.beside)

    def make_anew(self, broker: "_Broker") -> None:
        """Delete the queue, declare it as it shall be, and give it back its messages."""
        if broker.differs(self.queue):
            broker.move(self.name, self.beside)
            broker.delete(self.name)
        broker.declare(self.queue)
        broker.bind(self.name, self.bindings)
        broker.unbind(self.beside, self.bindings)
        broker.move(self.beside, self.name)
        broker.delete(self.beside)


class _Broker:
    """The few things that are asked of the broker. What it refuses costs the channel, not the connection."""

    def __init__(self, amqp_uri: str) -> None:
        self._connection = bus.connect(amqp_uri, name="redeclare", timeout_s=TIMEOUT_S)
        self._publisher = Publisher(amqp_uri)
        self._channel: Any = self._connection.channel()

    def close(self) -> None:
        self._publisher.close()
        self._connection.close()

    def exists(self, name: str) -> bool:
        return self._look(name) is not None

    def consumers(self, name: str) -> int:
        found = self._look(name)
        return 0 if found is None else int(found.consumer_count)

    def count(self, name: str) -> int:
        found = self._look(name)
        return 0 if found is None else int(found.message_count)

    def differs(self, queue: Queue) -> bool:
        """Say whether the queue is there with other arguments."""
        if not self.exists(queue["name"]):
            return False
        try:
            self.declare(queue)
        except amqp.PreconditionFailed:
            self._channel = self._connection.channel()
            return True
        return False

    def declare(self, queue: Queue) -> None:
        self._channel.queue_declare(
            queue["name"], durable=True, auto_delete=False, arguments=queue["arguments"]
        )

    def bind(self, name: str, bindings: Sequence[dict[str, Any]]) -> None:
        for each in bindings:
            self._channel.queue_bind(name, each["source"], each["routing_key"])

    def unbind(self, name: str, bindings: Sequence[dict[str, Any]]) -> None:
        for each in bindings:
            self._channel.queue_unbind(name, each["source"], each["routing_key"])

    def delete(self, name: str) -> None:
        """Delete a queue that is empty and that nobody consumes; the broker refuses any other."""
        if self.count(name) or self.consumers(name):
            raise Interrupted(f"{name} was used meanwhile")
        self._channel.queue_delete(name)

    def move(self, source: str, target: str) -> None:
        """Move every message, in order; each leaves once it has arrived.

        Through an exchange that looks at no routing key, and so lets each keep its own.
        """
        exchange = f"{target}.filling"
        self._channel.exchange_declare(exchange, "fanout", durable=True, auto_delete=False)
        self._channel.queue_bind(target, exchange)
        while letters := list(self._taken(source)):
            if not all(self._publisher.publish([_message(exchange, letter) for letter in letters])):
                raise Interrupted(f"{target} takes no more")
            self._channel.basic_ack(letters[-1].delivery_info["delivery_tag"], multiple=True)
        self._channel.exchange_delete(exchange)

    def _taken(self, name: str) -> Iterator[amqp.Message]:
        for _ in range(BATCH):
            letter = self._channel.basic_get(name)
            if letter is None:
                return
            yield letter

    def _look(self, name: str) -> Any:
        try:
            return self._channel.queue_declare(name, passive=True)
        except amqp.NotFound:
            self._channel = self._connection.channel()
            return None


def _message(exchange: str, letter: amqp.Message) -> Message:
    headers = dict(letter.properties.get("application_headers") or {})
    headers.pop(_COUNTED_BY_THE_BROKER, None)
    body = letter.body if isinstance(letter.body, bytes) else str(letter.body).encode()
    message_id = str(letter.properties.get("message_id") or "")
    return Message(exchange, letter.delivery_info["routing_key"], body, message_id, headers)


if __name__ == "__main__":
    main()
