"""The dead letters of a service: `python -m chassis.wire.dead_letters list|replay SERVICE`.

Each was refused by its handler at every attempt, could not be read, or killed its reader too often. Replaying
brings it back to the queue of the handler that refused it, and to no other; handlers bear repetition.
The broker is AMQP_URI's, whose user must be the service's own or an administrator.
"""

import json
from collections.abc import Iterator
from typing import Any

import amqp
import click

from chassis.running.settings import secret
from chassis.wire import bus, topology
from chassis.wire.publisher import Message, NotPublished, Publisher

TIMEOUT_S = 10.0


@click.group()
def main() -> None:
    """Look at the dead letters of a service, or give them back to their handlers."""


@main.command("list")
@click.argument("service")
def list_letters(service: str) -> None:
    """Show one line for each dead letter of SERVICE, and leave them where they are."""
    connection = bus.connect(secret("AMQP_URI"), name="dead letters", timeout_s=TIMEOUT_S)
    try:
        for letter in _letters(connection.channel(), service):
            headers = _headers(letter)
            click.echo(f"{_event_id(letter)}  {_origin(letter)}  {headers.get('x-error', _reason(headers))}")
    finally:
        # What was only looked at goes back to its place when the connection closes.
        connection.close()


@main.command()
@click.argument("service")
@click.option("--id", "event_id", help="Only the letter of this event.")
def replay(service: str, event_id: str | None) -> None:
    """Give the dead letters of SERVICE back to the queues they came from; each leaves once it has arrived."""
    uri = secret("AMQP_URI")
    connection = bus.connect(uri, name="dead letters", timeout_s=TIMEOUT_S)
    publisher = Publisher(uri)
    replayed = left = 0
    try:
        channel = connection.channel()
        for letter in _letters(channel, service):
            if event_id is not None and _event_id(letter) != event_id:
                continue
            if _bring_back(publisher, service, letter):
                channel.basic_ack(letter.delivery_info["delivery_tag"])
                replayed += 1
            else:
                left += 1
    except NotPublished as error:
        raise click.ClickException(f"the broker is away: {error}") from error
    finally:
        publisher.close()
        connection.close()
    click.echo(f"replayed {replayed}, left {left} whose queue is unknown")


def _letters(channel: amqp.Channel, service: str) -> Iterator[amqp.Message]:
    """Yield those that were there at the beginning: a replayed letter that dies again is met once."""
    queue = topology.dead_letters(service)
    count = channel.queue_declare(queue, passive=True).message_count
    for _ in range(count):
        letter = channel.basic_get(queue)
        if letter is None:
            return
        yield letter


def _bring_back(publisher: Publisher, service: str, letter: amqp.Message) -> bool:
    origin = _origin(letter)
    if not origin:
        return False
    body = letter.body if isinstance(letter.body, bytes) else str(letter.body).encode()
    message = Message(topology.back_exchange(service), f"replay.{origin}", body, _event_id(letter))
    return publisher.publish([message])[0]


def _headers(letter: amqp.Message) -> dict[str, Any]:
    headers: dict[str, Any] = letter.properties.get("application_headers") or {}
    return headers


def _origin(letter: amqp.Message) -> str:
    """Return the queue it came from: as our handler wrote it, or the broker when it gave up delivering."""
    headers = _headers(letter)
    deaths = headers.get("x-death") or [{}]
    return str(headers.get("x-origin") or deaths[0].get("queue") or "")


def _reason(headers: dict[str, Any]) -> str:
    deaths = headers.get("x-death") or [{}]
    return str(deaths[0].get("reason", "unknown"))


def _event_id(letter: amqp.Message) -> str:
    message_id = letter.properties.get("message_id")
    if message_id:
        return str(message_id)
    try:
        return str(json.loads(letter.body)["id"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return "unreadable"


if __name__ == "__main__":
    main()
