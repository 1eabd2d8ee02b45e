"""What booking's messages need beside the chassis' kinds of fields: enums, optional ids, cursors.

A message schema lives in the contract of its noun; only what these share lies here.
"""

import base64
import json
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from marshmallow import ValidationError, fields, validate

from chassis.values.errors import FieldError, Refused
from chassis.values.fields import identifier

_ID = identifier()
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def one_of(kind: type[E]) -> fields.Enum[E]:
    """One of an enum's published names, loaded as what it names."""
    return fields.Enum(kind, by_value=True, required=True)


def optional_id() -> fields.String:
    """Somebody's id where none need be named."""
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=128))


def written_cursor(first: str, second: str) -> str:
    """Write where a page ends."""
    return base64.urlsafe_b64encode(json.dumps([first, second]).encode()).decode()


def read_cursor(cursor: str | None, read: Callable[[str], T]) -> tuple[T, str] | None:
    """Read where the page before ended, or refuse what this list has not written.

    `read` turns the first of its two parts into a day or an instant; the second one is an id.
    """
    if cursor is None:
        return None
    try:
        first, second = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return read(first), _ID.deserialize(second)
    except (ValueError, TypeError, OverflowError, ValidationError):
        wrong = FieldError(pointer="/cursor", messages=["Not a cursor of this list."])
        raise Refused("malformed", errors=[wrong]) from None
