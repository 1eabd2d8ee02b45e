"""What booking's messages need beside the chassis' kinds of fields: enums, optional ids, cursors.

A message schema lives in the contract of its noun; only what these share lies here.
"""

import base64
import binascii
import json
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from marshmallow import fields, validate

from chassis.values.errors import FieldError, Refused

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
