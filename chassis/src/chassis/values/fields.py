"""The kinds of value that messages are made of, in every contract: ids, texts, days, instants, amounts.

Each is a function that makes a field of a marshmallow schema; all are required and filled unless told
otherwise. What a value means, and which names a closed list has, is each service's own.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, missing, validate

from chassis.values import addresses, instants
from chassis.values.text import Text

ID_PATTERN = "[A-Za-z0-9][A-Za-z0-9:._-]{0,127}"
TEXT_MAX = 200
PAGE_DEFAULT = 50
PAGE_MAX = 100
CURSOR_MAX = 300

_ID = validate.Regexp(rf"\A{ID_PATTERN}\Z")
_KEY = validate.Regexp(r"\A[\x21-\x7e]{1,255}\Z")
_SHA256 = validate.Regexp(r"\A[0-9a-f]{64}\Z")
_LOCAL_TIME = validate.Regexp(r"\A([01]\d|2[0-3]):[0-5]\d\Z|\A24:00\Z")


class Instant(fields.Field[datetime]):
    """An instant: written "2026-11-16T08:00:00.000Z", read from any zone into UTC, cut to milliseconds."""

    def _serialize(
        self,
        value: datetime | None,
        attr: str | None,  # noqa: ARG002 - marshmallow's signature, below too
        obj: object,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> str | None:
        return None if value is None else instants.to_text(value)

    def _deserialize(
        self,
        value: object,
        attr: str | None,  # noqa: ARG002
        data: Mapping[str, Any] | None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> datetime:
        if not isinstance(value, str):
            raise ValidationError("Not an instant.")
        try:
            return instants.from_text(value)
        except (ValueError, OverflowError):
            raise ValidationError("Not an instant with its zone.") from None


class Address(fields.String):
    """An e-mail address that any mail server takes, loaded as it is kept; `longest` counts it as sent."""

    def __init__(self, *, longest: int = addresses.ADDRESS_MAX, **options: Any) -> None:
        super().__init__(**{"metadata": {"format": "email", "maxLength": longest}, **options})
        self.longest = longest

    def _deserialize(
        self,
        value: object,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **options: object,
    ) -> str:
        text = super()._deserialize(value, attr, data, **options)
        try:
            kept, sent = addresses.as_kept(text), addresses.as_sent(text)
        except addresses.NotAnAddress as why:
            raise ValidationError(str(why)) from None
        if len(sent) > self.longest:
            raise ValidationError(f"The address is longer than {self.longest} characters.")
        return kept


def identifier(*, required: bool = True, allow_none: bool = False) -> fields.String:
    """Return the field of an id: opaque, short, of characters that mean nothing anywhere else."""
    return fields.String(required=required, allow_none=allow_none, validate=_ID)


def text(*, required: bool = True, allow_none: bool = False, longest: int = TEXT_MAX) -> fields.String:
    """Return the field of a text as a service says it, possibly empty."""
    return fields.String(required=required, allow_none=allow_none, validate=validate.Length(max=longest))


def written(
    *,
    required: bool = True,
    allow_none: bool = False,
    longest: int = TEXT_MAX,
    lines: bool = False,
    default: object = missing,
) -> Text:
    """Return the field of a text that somebody wrote: composed, trimmed, not empty, all of it visible.

    Left out it is the `default`, where there is one; with the default "" it may be empty too.
    """
    needed = required and default is missing
    options: dict[str, Any] = {"required": needed, "allow_none": allow_none, "load_default": default}
    shortest = 0 if default == "" else 1
    return Text(min_length=shortest, max_length=longest, lines=lines, hidden=False, **options)


def address(
    *, required: bool = True, allow_none: bool = False, longest: int = addresses.ADDRESS_MAX
) -> Address:
    """Return the field of an e-mail address that can be written to, "ana@mairie.example"."""
    return Address(required=required, allow_none=allow_none, longest=longest)


def name_of(
    choices: Sequence[str] | type[StrEnum], *, required: bool = True, allow_none: bool = False
) -> fields.String:
    """Return the field of one of a closed list of published names."""
    names = [str(choice) for choice in choices]
    return fields.String(required=required, allow_none=allow_none, validate=validate.OneOf(names))


def day(*, required: bool = True, allow_none: bool = False) -> fields.Date:
    """Return the field of a calendar day in the organisation's time zone, "2026-11-16"."""
    return fields.Date(required=required, allow_none=allow_none)


def instant(*, required: bool = True, allow_none: bool = False) -> Instant:
    """Return the field of an instant, "2026-11-16T08:00:00.000Z"."""
    return Instant(required=required, allow_none=allow_none)


def local_time(*, required: bool = True, allow_none: bool = False) -> fields.String:
    """Return the field of a time of day as people read it, "07:30"; "24:00" is the end of the day."""
    return fields.String(required=required, allow_none=allow_none, validate=_LOCAL_TIME)


def count(
    *, required: bool = True, allow_none: bool = False, least: int = 0, most: int | None = None
) -> fields.Integer:
    """Return the field of a whole number of things."""
    between = validate.Range(min=least, max=most)
    return fields.Integer(required=required, allow_none=allow_none, strict=True, validate=between)


def cents(*, required: bool = True, allow_none: bool = False) -> fields.Integer:
    """Return the field of an amount in whole cents, negative where it goes the other way."""
    return fields.Integer(required=required, allow_none=allow_none, strict=True)


def limit(*, default: int = PAGE_DEFAULT, most: int = PAGE_MAX) -> fields.Integer:
    """Return the field of how many rows a page may hold."""
    return fields.Integer(load_default=default, strict=True, validate=validate.Range(min=1, max=most))


def cursor() -> fields.String:
    """Return the field of where the page before ended, opaque to its reader; None for the first page."""
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(max=CURSOR_MAX))


def idempotency_key() -> fields.String:
    """Return the field of the caller's own name for one attempt: repeating it does nothing more."""
    return fields.String(required=True, validate=_KEY)


def sha256() -> fields.String:
    """Return the field of a SHA-256 in lower-case hexadecimal."""
    return fields.String(required=True, validate=_SHA256)
