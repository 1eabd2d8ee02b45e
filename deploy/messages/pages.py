"""The catalogue as pages: a table of all messages, and a page for each service with the fields of its own."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from marshmallow import Schema

from deploy.messages.fields import head, row, shape_title, short, table_of
from deploy.messages.language import METHOD_VERSION, ROOT, Method, Published, Told, example
from deploy.messages.schemas import Shapes, inner_schema, reachable

HERE = Path("docs/messages")
GENERATED = "<!-- Generated from the contracts by `make messages`: change those. -->"
_PREFACE = """\
# Messages

Every call and every event between the gateway and the services, as the contracts have them. For programs the
same stands in [asyncapi.json](asyncapi.json) (AsyncAPI 3.0). How one is added or changed:
[adding a message](../adding-a-message.md); how they travel: [architecture](../architecture.md#events).

Around each call stand `{args: [], kwargs: {…}}` and the signed context, around each answer `{result, error}`,
around each event the envelope with id, organisation, aggregate, sequence and actor: `asyncapi.json` has them.
An *id* is 1 to 128 letters, digits, `:._-`; an *instant* is RFC 3339 in UTC; amounts end in `_cents`.
Unknown fields are refused.
"""


def pages(published: Sequence[Published]) -> dict[str, str]:
    """The text of each page by the name of its file."""
    shapes = Shapes(published)
    made = {"README.md": _lines([GENERATED, "", _PREFACE, *_index(published)])}
    for each in published:
        made[f"{each.service}.md"] = _lines([GENERATED, "", *_page(each, shapes)])
    return made


def _index(published: Sequence[Published]) -> Iterator[str]:
    yield "## Calls"
    yield ""
    yield from head("method", "asked by", "what it does")
    for method in (method for each in published for method in each.methods):
        yield row(f"[`{method.title}`]({method.service}.md#{method.name})", _asked_by(method), method.says)
    yield ""
    yield "## Events"
    yield ""
    yield from head("event", "told by", "heard by", "versions")
    for event in (event for each in published for event in each.events):
        versions = ", ".join(map(str, sorted(event.versions)))
        link = f"[`{event.name}`]({event.service}.md#{event.name})"
        yield row(link, event.service, _heard_by(event), versions)


def _page(one: Published, shapes: Shapes) -> Iterator[str]:
    yield f"# What {one.service} says"
    yield ""
    yield f"The [service](../../services/{one.service}/README.md); [all messages](README.md)."
    yield ""
    heard = ", ".join(f"[`{event}`]({producer}.md#{event})" for producer, event in one.hears)
    yield f"Hears: {heard or 'nothing'}."
    yield ""
    refusals = (_linked(code, one.service, f"{code}.refusal", METHOD_VERSION) for code in one.refusals)
    yield f"Refuses with: {', '.join(refusals)}."
    for method in one.methods:
        yield from _method(method, shapes)
    for event in one.events:
        yield from _event(event, shapes)
    inner = sorted(_held(one), key=shapes.name)
    if inner:
        yield from ("", "## Shapes", "", "What stands inside the messages above.")
    for kind in inner:
        yield from (
            "",
            f"### {shape_title(short(shapes.name(kind)))}",
            "",
            *table_of(shapes.json[shapes.name(kind)]),
        )


def _method(method: Method, shapes: Shapes) -> Iterator[str]:
    yield from ("", f"## {method.name}", "", method.says)
    yield ""
    request = _linked("request", method.service, f"{method.name}.request", METHOD_VERSION)
    reply = _linked("reply", method.service, f"{method.name}.reply", METHOD_VERSION)
    yield f"Asked by {_asked_by(method)}. Version {METHOD_VERSION}. Examples: {request}, {reply}."
    for title, schema in (("Request", method.request), ("Reply", method.reply)):
        yield from ("", f"{title}:", "", *table_of(_shape(schema, shapes)))


def _event(event: Told, shapes: Shapes) -> Iterator[str]:
    yield from ("", f"## {event.name}", "", f"Heard by {_heard_by(event)}.")
    for version, schema in sorted(event.versions.items()):
        shown = _linked("example", event.service, f"{event.name}.event", version)
        yield from ("", f"Version {version} ({shown}):", "", *table_of(_shape(schema, shapes)))


def _shape(schema: Schema, shapes: Shapes) -> dict[str, Any]:
    shape: dict[str, Any] = shapes.json.get(shapes.name(schema), {})
    return shape


def _held(one: Published) -> set[type[Schema]]:
    """The schemas that stand inside the service's messages."""
    outer = [schema for method in one.methods for schema in (method.request, method.reply)]
    outer += [schema for event in one.events for schema in event.versions.values()]
    inner = (inner_schema(field) for schema in outer for field in schema.fields.values())
    return {kind for schema in inner if schema is not None for kind in reachable(schema)}


def _asked_by(method: Method) -> str:
    """Who may call, in words."""
    needs = method.needs
    if needs.capability:
        return f"staff who may `{needs.capability}` (gateway)"
    kinds = {"person": "a family" if needs.family else "a person", "anonymous": "a visitor"}
    said = [
        caller
        if set(accepted) == {"service"}
        else f"{' or '.join(kinds.get(kind, kind) for kind in sorted(accepted))} ({caller})"
        for caller, accepted in sorted(needs.accepts.items())
    ]
    return ", ".join(said)


def _heard_by(event: Told) -> str:
    return ", ".join(event.subscribers) or f"nobody but {event.service} itself"


def _linked(text: str, service: str, name: str, version: int) -> str:
    """A link to a golden example; the text alone where there is none."""
    path = example(service, name, version)
    return f"[{text}]({'../' * len(HERE.parts)}{path})" if (ROOT / path).exists() else text


def _lines(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
