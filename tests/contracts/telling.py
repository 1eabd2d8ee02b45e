"""A producer's golden examples in the ways a consumer may meet them, and what a reader can't do without."""

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from marshmallow import Schema

from chassis.testing import golden
from chassis.values.event import Event
from tests.contracts import language

NEW_FIELD = "a_field_that_nobody_knew"


AS_IT_IS = "as it is"


@dataclass(frozen=True)
class Way:
    """One way in which a message may come."""

    what: str
    how: str
    message: Any

    def __str__(self):
        return f"{self.what} {self.how}"


@cache
def _examples(service, version):
    return golden.examples(language.folder_of(service) / f"v{version}")


def example(service, name, version=1):
    """Give a copy of a golden example, `name` without `.json`."""
    return copy.deepcopy(_examples(service, version)[name])


def grown(told: Any) -> Any:
    """Say the same with an unknown field more in every object."""
    if isinstance(told, dict):
        return {**{key: grown(value) for key, value in told.items()}, NEW_FIELD: {"of": [1, "kind"]}}
    return [grown(each) for each in told] if isinstance(told, list) else told


def bare(schema: Schema, told: dict[str, Any]) -> dict[str, Any]:
    """Say only what the schema promises: optional fields are absent, what may be null is null."""
    said = {}
    for key, field in schema.fields.items():
        if not field.required:
            continue
        inner, value = golden.nested(field), told[key]
        if field.allow_none:
            said[key] = None
        elif inner is not None:
            said[key] = (
                [bare(inner, each) for each in value] if isinstance(value, list) else bare(inner, value)
            )
        else:
            said[key] = value
    return said


def ways_of(what: str, schema: Schema, told: dict[str, Any]) -> list[Way]:
    return [
        Way(what, AS_IT_IS, told),
        Way(what, "with new fields", grown(told)),
        Way(what, "without what may be absent", bare(schema, told)),
    ]


def events(consumer: str, producer: str, *names: str) -> list[Way]:
    """Give every way of the events that the consumer hears of the producer, in the versions that it reads."""
    found = []
    for (source, name), handler in sorted(language.handlers_of(consumer).items()):
        if source != producer or (names and name not in names):
            continue
        schemas = language.contract_of(producer).EVENTS[name].versions()
        for version in sorted(set(handler.versions) & schemas.keys()):
            told = golden.event(language.folder_of(producer) / f"v{version}", name)
            found += [
                Way(way.what, way.how, replace(told, data=way.message))
                for way in ways_of(f"{name} v{version}", schemas[version], told.data)
            ]
    return found


def replies(producer: str, method: str) -> list[Way]:
    """Give every way of a reply."""
    return ways_of(method, language.doors_of(producer)[method].reply, example(producer, f"{method}.reply"))


def needs(consumer: str, producer: str, read: Callable[[Event], object]) -> dict[str, set[str]]:
    """Name by event the fields without which a reader fails, by their path; lists are passed through."""
    heard = [way.message for way in events(consumer, producer) if way.how == AS_IT_IS]
    return {told.name: _needed(read, told) for told in heard}


def _needed(read: Callable[[Event], object], told: Event) -> set[str]:
    missed = set()
    for path in set(_paths(told.data)):
        data = copy.deepcopy(told.data)
        _take_away(data, path)
        try:
            read(replace(told, data=data))
        except Exception:  # noqa: BLE001 - in whatever way it fails, it can't do without
            missed.add(".".join(path))
    return missed


def _paths(told: Any, before: tuple[str, ...] = ()) -> Iterable[tuple[str, ...]]:
    for key, value in told.items():
        yield (*before, key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from _paths(each, (*before, key))


def _take_away(told: Any, path: tuple[str, ...]) -> None:
    first, *rest = path
    if not rest:
        told.pop(first, None)
        return
    inner = told.get(first)
    for each in inner if isinstance(inner, list) else [inner]:
        if isinstance(each, dict):
            _take_away(each, tuple(rest))
