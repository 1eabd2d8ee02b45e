"""The kinds of fields that messages are made of: identifiers, days, instants, amounts, closed lists of names.

A message schema lives in the contract of its noun; only what these share lies here.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeVar

from marshmallow import fields, validate

from chassis.values.errors import FieldError, Refused

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

PAGE_MAX = 100


def identifier(*, required: bool = True, allow_none: bool = False) -> fields.String:
    """Somebody's id: opaque, short, and of characters that can't be mistaken for anything else."""
    return fields.String(
        required=required,
        allow_none=allow_none,
        validate=validate.Regexp(r"\A[A-Za-z0-9][A-Za-z0-9:._-]{0,127}\Z"),
    )


def text(*, required: bool = True, allow_none: bool = False, longest: int = 200) -> fields.String:
    """A name or a sentence for people."""
    return fields.String(required=required, allow_none=allow_none, validate=validate.Length(max=longest))


def name_of(choices: Iterable[str], *, required: bool = True, allow_none: bool = False) -> fields.String:
    """One of a closed list of published names: of an enum, or of those given."""
    names = [str(choice) for choice in choices]
    return fields.String(required=required, allow_none=allow_none, validate=validate.OneOf(names))


def one_of(kind: type[E]) -> fields.Enum[E]:
    """One of an enum's published names, loaded as what it names."""
    return fields.Enum(kind, by_value=True, required=True)


def optional_id() -> fields.String:
    """Somebody's id where none need be named."""
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=128))


def day(*, required: bool = True, allow_none: bool = False) -> fields.Date:
    """A calendar day in the organisation's time zone, "2026-11-16"."""
    return fields.Date(required=required, allow_none=allow_none)


def instant(*, required: bool = True, allow_none: bool = False) -> fields.AwareDateTime:
    """A moment, "2026-11-16T08:00:00Z", milliseconds optional."""
    return fields.AwareDateTime(required=required, allow_none=allow_none)


def local_time(*, required: bool = True, allow_none: bool = False) -> fields.String:
    """A time of day as families read it, "07:30", "24:00" being the end of the day."""
    return fields.String(
        required=required, allow_none=allow_none, validate=validate.Regexp(r"\A([01]\d|2[0-4]):[0-5]\d\Z")
    )


def count(
    *, required: bool = True, allow_none: bool = False, least: int = 0, most: int | None = None
) -> fields.Integer:
    """A whole number of things; cents are counted too."""
    return fields.Integer(
        required=required, allow_none=allow_none, strict=True, validate=validate.Range(min=least, max=most)
    )


def cents(*, required: bool = True, allow_none: bool = False) -> fields.Integer:
    """An amount in integer cents, negative when it is given back."""
    return fields.Integer(required=required, allow_none=allow_none, strict=True)


def limit() -> fields.Integer:
    """How many rows a page may hold."""
    return fields.Integer(load_default=50, strict=True, validate=validate.Range(min=1, max=PAGE_MAX))


def cursor() -> fields.String:
    """Where the page before ended; opaque to its reader."""
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(max=300))


def idempotency_key() -> fields.String:
    """The caller's own name for this one attempt, so that repeating it does nothing more."""
    return fields.String(required=True, validate=validate.Regexp(r"\A[\x21-\x7e]{1,255}\Z"))


def sha256() -> fields.String:
    """A SHA-256 in hexadecimal."""
    return fields.String(required=True, validate=validate.Regexp(r"\A[0-9a-f]{64}\Z"))


def written_cursor(first: str, second: str) -> str:
    """Write where a page ends."""
    return base64.urlsafe_b64encode(json.dumps([first, second]).encode()).decode()


def read_cursor(cursor: str | None, read: Callable[[str], T]) -> tuple[T, str] | None:
    """Read where the page before ended, or refuse what this list has not written."""
    if cursor is None:
        return None
    wrong = Refused(
        "malformed", errors=[FieldError(pointer="/cursor", messages=["Not a cursor of this list."])]
    )
    try:
        first, second = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        place = read(first)
    except (ValueError, TypeError, binascii.Error):
        raise wrong from None
    if not isinstance(second, str):
        raise wrong
    return place, second
