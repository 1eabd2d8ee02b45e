"""The catalogue as an AsyncAPI 3.0 document: one for the whole house, each operation tagged with its service.

A call is an operation that its service *receives*, with the reply; an event is *sent* by its producer and
*received* by each of its subscribers. Events that nobody hears are never sent, and don't stand here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from chassis.wire import bus, topology
from deploy.messages import envelopes
from deploy.messages.language import METHOD_VERSION, Method, Published, Told, example
from deploy.messages.schemas import Shapes
from deploy.rabbitmq.generate import VHOST

VERSION = "3.0.0"
INFO = {
    "title": "The messages of Marelle",
    "version": str(METHOD_VERSION),
    "description": "Each call and each event on the bus. Generated: `make messages`.",
    "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
}
BUS = {
    "host": "rabbitmq:5672",
    "pathname": f"/{VHOST}",
    "protocol": "amqp",
    "protocolVersion": "0-9-1",
    "description": "The broker, laid out as deploy/rabbitmq/definitions.json says.",
}
Part = dict[str, Any]
Named = tuple[str, Part]


def document(published: Sequence[Published]) -> Part:
    """The document of all that is published."""
    shapes = Shapes(published)
    methods = [method for each in published for method in each.methods]
    events = [event for each in published for event in each.events if event.subscribers]
    return {
        "asyncapi": VERSION,
        "info": {**INFO, "tags": [{"name": each.service} for each in published]},
        "defaultContentType": "application/json",
        "servers": {"bus": BUS},
        "channels": dict([*_call_channels(methods), *map(_event_channel, events)]),
        "operations": dict([*map(_answers, methods), *_tells_and_hears(events)]),
        "components": {
            "messages": dict([*_calls(methods, shapes), *_facts(events, shapes)]),
            "schemas": {**envelopes.SCHEMAS, **shapes.json},
        },
    }


def _channel(address: str | None, exchange: str, messages: Sequence[str]) -> Part:
    amqp = {
        "is": "routingKey",
        "exchange": {"name": exchange, "type": "topic", "durable": True, "autoDelete": False},
        "bindingVersion": "0.3.0",
    }
    return {
        "address": address,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {"amqp": amqp},
    }


def _call_channels(methods: Sequence[Method]) -> Iterator[Named]:
    """For each method where it is asked, and where it answers: to the queue that the caller names."""
    for method in methods:
        yield method.title, _channel(method.title, bus.RPC_EXCHANGE, [f"{method.title}.request"])
        yield f"{method.title}.reply", _channel(None, bus.RPC_EXCHANGE, [f"{method.title}.reply"])


def _event_channel(event: Told) -> Named:
    return event.title, _channel(event.name, topology.events_exchange(event.service), _versions(event))


def _versions(event: Told) -> list[str]:
    return [f"{event.title}.v{version}" for version in sorted(event.versions)]


def _operation(action: str, channel: str, messages: Sequence[str], service: str) -> Part:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages],
        "tags": [{"name": service}],
    }


def _answers(method: Method) -> Named:
    title, channel = method.title, f"#/channels/{method.title}.reply"
    return title, {
        **_operation("receive", title, [f"{title}.request"], method.service),
        "summary": method.says,
        "reply": {
            "address": {"location": "$message.header#/reply_to"},
            "channel": {"$ref": channel},
            "messages": [{"$ref": f"{channel}/messages/{title}.reply"}],
        },
        "x-asked-by": {caller: sorted(method.needs.accepts[caller]) for caller in method.callers},
    }


def _tells_and_hears(events: Sequence[Told]) -> Iterator[Named]:
    for event in events:
        versions = _versions(event)
        name = f"{event.service}.tells.{event.name}"
        yield name, _operation("send", event.title, versions, event.service)
        for subscriber in event.subscribers:
            heard = _operation("receive", event.title, versions, subscriber)
            queue = topology.event_queue(subscriber, event.service, event.name)
            yield f"{subscriber}.hears.{event.title}", {**heard, "x-queue": queue}


def _calls(methods: Sequence[Method], shapes: Shapes) -> Iterator[Named]:
    for method in methods:
        headers = {"headers": {"$ref": f"{envelopes.REFERENCE}chassis.CallHeaders"}}
        for part, payload, more in (
            ("request", envelopes.request(shapes.reference(method.request)), headers),
            ("reply", envelopes.reply(shapes.reference(method.reply)), {}),
        ):
            shown = example(method.service, f"{method.name}.{part}", METHOD_VERSION)
            yield f"{method.title}.{part}", {**more, "payload": payload, "x-example": shown}


def _facts(events: Sequence[Told], shapes: Shapes) -> Iterator[Named]:
    for event in events:
        for version, schema in sorted(event.versions.items()):
            payload = envelopes.event(event.name, version, shapes.reference(schema))
            shown = example(event.service, f"{event.name}.event", version)
            yield f"{event.title}.v{version}", {"payload": payload, "x-example": shown}
