"""The golden examples of a service's messages, in its folder `contract`, held against its schemas.

`v1/<method>.request.json` and `v1/<method>.reply.json` for each door, `v1/<code>.refusal.json` for each code
that it refuses with, and `v<version>/<event>.event.json` ({name, version, data}) for each event that it
publishes, in each version that it still sends; nothing else lies there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from marshmallow import RAISE, Schema, fields

from chassis.doors.rpc import RpcDoor
from chassis.storage.outbox import EventType
from chassis.values.errors import Refused, from_wire
from chassis.values.event import Event
from chassis.values.ids import named_id, new_id

FIRST_VERSION = "v1"


def folder_of(contract_module: Any) -> Path:
    """Return the folder of examples beside the sources of a service, found by its contract."""
    here = Path(contract_module.__file__)
    return next(parent for parent in here.parents if parent.name == "src").parent / "contract"


def examples(directory: Path) -> dict[str, Any]:
    """Return every example of a directory, by the name of its file without the ending."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(directory.iterdir())}


def event(directory: Path, name: str) -> Event:
    """Return a producer's example of an event as its consumers receive it."""
    example = examples(directory)[f"{name}.event"]
    return Event(
        id=new_id(),
        name=example["name"],
        version=example["version"],
        organisation_id=named_id("", "organisation", "carteville"),
        aggregate_id=new_id(),
        sequence=1,
        occurred_at=datetime.now(UTC),
        causation_id=None,
        correlation_id=new_id(),
        data=example["data"],
    )


def faults(
    folder: Path, service_class: type, events: Mapping[str, EventType], refusals: Sequence[str]
) -> list[str]:
    """Return what is missing, what is too much, and which example is not what its schema says.

    Strictly: an object of an example has every field of its schema, the optional ones too, and no other; and
    every schema is shown by at least one object of some example.
    """
    found = {
        f"{directory.name}/{name}": example
        for directory in sorted(folder.iterdir())
        for name, example in examples(directory).items()
    }
    schemas = dict(_schemas(service_class, events))
    refused = {f"{FIRST_VERSION}/{code}.refusal" for code in refusals}
    expected = schemas.keys() | refused
    said = [f"{name}: no example" for name in expected - found.keys()]
    said += [f"{name}: an example of nothing" for name in found.keys() - expected]
    said += [f"{name}: not a refusal" for name in refused & found.keys() if not _refuses(name, found[name])]
    shown: set[type[Schema]] = set()
    for name in schemas.keys() & found.keys():
        example = found[name]
        if name.endswith(".event"):
            if name != f"v{example['version']}/{example['name']}.event":
                said.append(f"{name}: of another name or version")
            example = example["data"]
        if wrong := schemas[name].validate(example):
            said.append(f"{name}: {wrong}")
        else:
            said += [f"{name}: {fault}" for fault in _differences(schemas[name], example, shown)]
    unseen = {each for schema in schemas.values() for each in _reachable(schema)} - shown
    said += [f"{each.__name__}: no example shows one" for each in unseen]
    return sorted(said)


def nested(field: fields.Field[Any]) -> Schema | None:
    """Return the schema of a field that holds an object, or a list of objects."""
    inner = field.inner if isinstance(field, fields.List) else field
    return inner.schema if isinstance(inner, fields.Nested) else None


def _schemas(service_class: type, events: Mapping[str, EventType]) -> Iterator[tuple[str, Schema]]:
    for name in dir(service_class):
        for entrypoint in getattr(getattr(service_class, name), "nameko_entrypoints", ()):
            if isinstance(entrypoint, RpcDoor):
                yield f"{FIRST_VERSION}/{name}.request", entrypoint.request
                yield f"{FIRST_VERSION}/{name}.reply", entrypoint.reply or Schema()
    for name, kind in events.items():
        for version, schema in kind.versions().items():
            yield f"v{version}/{name}.event", schema if isinstance(schema, Schema) else schema()


def _refuses(name: str, example: dict[str, Any]) -> bool:
    refusal = from_wire(example)
    same = isinstance(refusal, Refused) and refusal.to_wire() == example
    return same and name == f"{FIRST_VERSION}/{example['code']}.refusal"


def _differences(schema: Schema, example: Mapping[str, Any], shown: set[type[Schema]]) -> Iterator[str]:
    """Yield which fields an example leaves out; `shown` gathers the schemas of which it has an object."""
    shown.add(type(schema))
    if schema.unknown != RAISE:
        yield f"{type(schema).__name__} lets unknown fields pass"
    for key, field in schema.fields.items():
        if key not in example:
            yield f"{type(schema).__name__}.{key} is left out"
        elif (inner := nested(field)) is not None:
            held = example[key]
            for each in held if isinstance(held, list) else [held]:
                if each is not None:
                    yield from _differences(inner, each, shown)


def _reachable(schema: Schema) -> Iterator[type[Schema]]:
    yield type(schema)
    for field in schema.fields.values():
        if (inner := nested(field)) is not None:
            yield from _reachable(inner)
