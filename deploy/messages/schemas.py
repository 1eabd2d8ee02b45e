"""The schemas of the services' contracts as JSON Schema, each once, under a name of its own.

The translation is apispec's, which the gateway uses for its OpenAPI document as well.
"""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from deploy.messages.envelopes import REFERENCE
from deploy.messages.language import Published


class Shapes:
    """Every schema that the given services publish, by name: the service's, a dot, the class's.

    Where two modules of a service have a schema of the same name, the noun stands in between.
    """

    def __init__(self, published: Iterable[Published]) -> None:
        found = list(dict.fromkeys(kind for each in published for kind in _kinds(each)))
        short = Counter(_short(kind) for kind in found)
        self._names = {kind: _short(kind) if short[_short(kind)] == 1 else _long(kind) for kind in found}
        self.json = self._translate(found)

    def name(self, schema: Schema | type[Schema]) -> str:
        """The name of a schema; that of a request or reply without fields is the chassis'."""
        kind = schema if isinstance(schema, type) else type(schema)
        return "chassis.Nothing" if kind is Schema else self._names[kind]

    def reference(self, schema: Schema) -> dict[str, Any]:
        """What stands in a document for `schema`."""
        return {"$ref": REFERENCE + self.name(schema)}

    def _translate(self, found: Iterable[type[Schema]]) -> dict[str, Any]:
        plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: self.name(_kind(schema)))
        made = APISpec("", "", openapi_version="3.1.0", plugins=[plugin])
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # such as a schema that is named twice
            for kind in found:
                if self._names[kind] not in made.components.schemas:
                    made.components.schema(self._names[kind], schema=kind)
        return {name: _anchored(shape) for name, shape in sorted(_made(made).items())}


def inner_schema(field: fields.Field[Any]) -> Schema | None:
    """The schema of a field that holds an object, or a list or a mapping of objects."""
    while True:
        match field:
            case fields.Nested():
                return field.schema
            case fields.List():
                field = field.inner
            case fields.Dict() if field.value_field is not None:
                field = field.value_field
            case _:
                return None


def reachable(schema: Schema) -> Iterator[type[Schema]]:
    """The schema's class, and those of all that it holds."""
    yield type(schema)
    for field in schema.fields.values():
        if (inner := inner_schema(field)) is not None:
            yield from reachable(inner)


def _kinds(published: Published) -> Iterator[type[Schema]]:
    for method in published.methods:
        for schema in (method.request, method.reply):
            if type(schema) is not Schema:
                yield from reachable(schema)
    for event in published.events:
        for schema in event.versions.values():
            yield from reachable(schema)


def _made(made: APISpec) -> dict[str, Any]:
    shapes: dict[str, Any] = made.to_dict()["components"]["schemas"]
    return shapes


def _anchored(shape: Any) -> Any:
    """The same with patterns as JSON Schema has them, where `^` and `$` are the two ends of a text."""
    if isinstance(shape, list):
        return [_anchored(each) for each in shape]
    if not isinstance(shape, dict):
        return shape
    kept = {key: _anchored(value) for key, value in shape.items()}
    if isinstance(pattern := shape.get("pattern"), str):
        kept["pattern"] = "^" + pattern.removeprefix(r"\A").removeprefix("^").replace(r"\Z", "$")
    return kept


def _kind(schema: Any) -> type[Schema]:
    return schema if isinstance(schema, type) else type(schema)


def _short(kind: type[Schema]) -> str:
    return f"{kind.__module__.split('.')[0]}.{kind.__name__}"


def _long(kind: type[Schema]) -> str:
    return ".".join(
        [part for part in kind.__module__.split(".") if not part.startswith("contract")] + [kind.__name__]
    )
