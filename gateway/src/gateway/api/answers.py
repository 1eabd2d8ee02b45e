"""How what a client returned becomes the answer that a schema documents.

Answers are not dumped by marshmallow, which would cost more than the call itself: `dumper` reads a schema
once and makes a plain function of it. It holds the schema against the class that the view returns, so that a
field which is renamed in one of them alone ends the start.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from operator import attrgetter
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from marshmallow import Schema, fields

from gateway.api.fields import Amount, money

Convert = Callable[[Any], Any]


_Step = tuple[str, str, Convert | None]
"""One field of an answer: its name there, where it comes from, and how its value is made."""


def dumper(schema: type[Schema], kind: Any) -> Convert:
    """Return the function that makes the answer of `schema` from a `kind`.

    `kind` is a dataclass, a TypedDict, or dict[str, X] for an answer that names its one part. TypeError when
    it lacks a field of the schema. Fields that the schema does not name stay inside.
    """
    steps = list(_steps(schema, kind))
    if is_dataclass(kind):
        return _of_object(steps)
    if all(convert is None and key == source for key, source, convert in steps):
        return _as_it_came([key for key, _, _ in steps])

    def dump(row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: row.get(source) if convert is None else convert(row.get(source))
            for key, source, convert in steps
        }

    return dump


def _of_object(steps: list[_Step]) -> Convert:
    keys = [key for key, _, _ in steps]
    converted = [(key, convert) for key, _, convert in steps if convert is not None]
    read = attrgetter(*(source for _, source, _ in steps))
    if len(steps) == 1:
        return lambda row: {keys[0]: converted[0][1](read(row)) if converted else read(row)}

    def dump(row: object) -> dict[str, Any]:
        answer = dict(zip(keys, read(row), strict=True))
        for key, convert in converted:
            answer[key] = convert(answer[key])
        return answer

    return dump


def _as_it_came(keys: list[str]) -> Convert:
    """Return what hands on a row that holds what is documented and nothing else: a calendar has hundreds."""
    documented = set(keys)

    def dump(row: dict[str, Any]) -> dict[str, Any]:
        return row if row.keys() == documented else {key: row.get(key) for key in keys}

    return dump


def _steps(schema: type[Schema], kind: Any) -> Iterator[_Step]:
    """Yield a step for each field of the schema, in its order."""
    for name, field in schema().fields.items():
        source = f"{name}_cents" if isinstance(field, Amount) else name
        below = _kind_of(kind, source)
        if below is None:
            raise TypeError(f"{schema.__name__} documents {source}, which {kind} does not have")
        yield field.data_key or name, source, _converter(field, below)


def _kind_of(kind: Any, source: str) -> Any:
    """Return the annotation of a field, or None when there is no such field."""
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    return get_type_hints(kind).get(source)


def _converter(field: fields.Field[Any], kind: Any) -> Convert | None:
    if isinstance(field, Amount):
        return lambda cents: None if cents is None else money(cents)
    if isinstance(field, fields.Nested):
        below = dumper(type(field.schema), _inner(kind))
        return lambda row: None if row is None else below(row)
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        each_below = dumper(type(field.inner.schema), _inner(kind))
        return lambda rows: None if rows is None else [each_below(row) for row in rows]
    return None


def _inner(kind: Any) -> Any:
    """Return what is in an annotation such as tuple[X, ...], list[X] or X | None; a class is itself."""
    if get_origin(kind) in {None, dict}:
        return kind
    return _inner(next(each for each in get_args(kind) if each is not NoneType))
