"""The kinds of value on the wire: schemas say what a request may hold and document what an answer holds."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from chassis.values.fields import ID_PATTERN, PAGE_DEFAULT, PAGE_MAX
from chassis.values.requests import RequestSchema
from chassis.values.text import Text
from gateway.pages.addresses import is_day

CURRENCY: Final = "EUR"
CURSOR_MAX: Final = 500
ID_EXAMPLE: Final = "0193f5a8-7c1e-7d4a-9a57-3b1f5e0c2d44"
PRINTABLE_PATTERN: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"
WRITTEN_PATTERN: Final = r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x1f\x7f-\x9f\s][^\x00-\x1f\x7f-\x9f]*$"
SLUG_PATTERN: Final = "[a-z0-9][a-z0-9-]{0,62}"
_ID: Final = re.compile(ID_PATTERN)
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")

# What every answer's field is unless said otherwise: there, and filled.
Str = partial(fields.String, required=True)
Int = partial(fields.Integer, required=True, strict=True)
Bool = partial(fields.Boolean, required=True)
ListOf = partial(fields.List, required=True)
One = partial(fields.Nested, required=True)


def each(schema: type[Schema], **options: Any) -> fields.List[Any]:
    """Return a list of objects."""
    return fields.List(fields.Nested(schema), **{"required": True, **options})


class Id(fields.String):
    """Somebody's or something's id: opaque, short, of harmless characters."""

    def __init__(self, **options: Any) -> None:
        metadata = {"pattern": f"^{ID_PATTERN}$", "maxLength": 128, "example": ID_EXAMPLE}
        super().__init__(**{"required": True, "metadata": metadata, **options})

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if not _ID.fullmatch(text):
            raise ValidationError("Not a valid id.")
        return text


class WrittenText(Text):
    """A text that a person or a program writes, with its bounds in the specification too."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        metadata = {"minLength": 1, "maxLength": max_length, "pattern": WRITTEN_PATTERN}
        super().__init__(max_length=max_length, **{"metadata": metadata, **options})


class Day(fields.String):
    """A day in the organisation's zone, such as 2026-11-16."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"required": True, "metadata": {"format": "date", "example": "2026-11-16"}, **options}
        )

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if not is_day(text):
            raise ValidationError("Not a valid date.")
        return text


class Number(fields.Integer):
    """A whole number of an address, in plain digits: `int` reads 1_0, blanks and other scripts as well."""

    def _deserialize(self, value: object, attr: str | None, data: Any, **options: Any) -> int:
        if isinstance(value, str) and not _NUMBER.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **options)


class Instant(fields.String):
    """An instant in UTC, such as 2026-11-16T08:00:00Z."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": True, "metadata": {"format": "date-time"}, **options})


class Money(Schema):
    """An amount: decimal text, never a floating-point number."""

    amount = Str(validate=validate.Regexp(r"^-?[0-9]+\.[0-9]{2}$"), metadata={"example": "12.60"})
    currency = Str(validate=validate.OneOf([CURRENCY]))


class Amount(fields.Nested):
    """Money in an answer; the service's reply holds it as integer cents, under the name with `_cents`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Money, **{"required": True, **options})


def money(cents: int) -> dict[str, str]:
    """Return cents as the wire shows them: 1260 → {"amount": "12.60", "currency": "EUR"}."""
    euros, rest = divmod(abs(cents), 100)
    return {"amount": f"{'-' if cents < 0 else ''}{euros}.{rest:02d}", "currency": CURRENCY}


class FieldProblem(Schema):
    """One place of the request that is wrong."""

    where = fields.String(
        required=True, data_key="in", validate=validate.OneOf(["body", "query", "path", "header"])
    )
    pointer = Str(metadata={"description": "JSON pointer (RFC 6901) into that part of the request"})
    messages = ListOf(fields.String())


class Problem(Schema):
    """RFC 9457 problem details; `code` is stable, `title` is in the reader's language."""

    type = Str(metadata={"format": "uri"})
    title = Str()
    status = Int()
    code = Str()
    request_id = Str()
    detail = fields.String()
    retry_at = fields.String(
        metadata={"format": "date-time", "description": "from when on it may be asked again"}
    )
    errors = fields.List(fields.Nested(FieldProblem))


class Asked(RequestSchema):
    """What a request may hold, and nothing else; it is loaded into a frozen dataclass."""

    class Meta:
        """Unknown fields are refused, and the specification says so."""

        unknown = RAISE


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is asked for."""

    cursor: str | None = None
    limit: int = PAGE_DEFAULT


class SliceSchema(Asked):
    """Where a page of a list begins and how long it may be."""

    into = Slice

    cursor = WrittenText(max_length=CURSOR_MAX)
    limit = Number(load_default=PAGE_DEFAULT, validate=validate.Range(1, PAGE_MAX))


@dataclass(frozen=True, slots=True)
class Nothing:
    """What an empty request says."""


class NothingSchema(Asked):
    """An empty object; the body may be left out altogether."""

    into = Nothing
