"""Requests as frozen dataclasses: what a door is asked, loaded by its schema."""

from dataclasses import fields
from typing import Any, ClassVar

from marshmallow import Schema, post_load


class RequestSchema(Schema):
    """A schema whose `load` gives an object of the dataclass `into`; what is left out is as its defaults say.

    The dataclass has exactly the schema's fields, which is checked when a schema is made: a field that is
    renamed in one of them alone ends the start. Where a name on the wire differs, `data_key` says so.
    """

    into: ClassVar[type]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        declared, held = set(self._declared_fields), {field.name for field in fields(self.into)}
        if declared != held:
            differing = sorted(declared ^ held)
            raise TypeError(f"{type(self).__name__} and {self.into.__name__} differ in {differing}")

    @post_load
    def _loaded(self, data: dict[str, Any], **_: Any) -> Any:
        return self.into(**data)
