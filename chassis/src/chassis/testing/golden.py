"""The golden examples of a service's messages, in its contract/v1, held against its schemas.

`<method>.request.json` and `<method>.reply.json` for each door, `<event>.event.json` ({name, version, data})
for each event that it publishes; nothing else lies there.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from marshmallow import Schema

from chassis.doors import RpcDoor
from chassis.event import Event
from chassis.ids import named_id, new_id
from chassis.outbox import EventType


def examples(directory: Path) -> dict[str, Any]:
    """Read every example of a directory, by the name of its file without the ending."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(directory.iterdir())}


def event(directory: Path, name: str) -> Event:
    """Give a producer's example of an event as its consumers receive it."""
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


def faults(directory: Path, service_class: type, events: Mapping[str, EventType]) -> list[str]:
    """Say what is missing, what is too much, and which example its schema does not take."""
    found = examples(directory)
    expected = dict(_doors(service_class)) | {f"{name}.event": kind.schema for name, kind in events.items()}
    said = [f"{name}: no example" for name in expected.keys() - found.keys()]
    said += [f"{name}: an example of nothing" for name in found.keys() - expected.keys()]
    for name in expected.keys() & found.keys():
        schema, example = expected[name], found[name]
        if name.endswith(".event"):
            if (example["name"], example["version"]) != (name[:-6], events[name[:-6]].version):
                said.append(f"{name}: of another name or version")
            example = example["data"]
        if wrong := (schema if isinstance(schema, Schema) else schema()).validate(example):
            said.append(f"{name}: {wrong}")
    return sorted(said)


def _doors(service_class: type) -> Iterator[tuple[str, Schema]]:
    for name in dir(service_class):
        for entrypoint in getattr(getattr(service_class, name), "nameko_entrypoints", ()):
            if isinstance(entrypoint, RpcDoor):
                yield f"{name}.request", entrypoint.request
                yield f"{name}.reply", entrypoint.reply or Schema()
