"""The kinds of value that a cell of an imported file may hold, as people and spreadsheets write them.

Each is read as it is meant or refused in words that say the form expected; nothing that could be read in two
ways is guessed. Only plain digits are digits: neither full-width nor Arabic ones, no sign, no exponent.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, time
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, validate
from marshmallow import missing as nothing

from chassis.values.text import Text

YES = frozenset({"yes", "y", "oui", "o", "true", "t", "vrai", "v", "on", "1", "x"})
NO = frozenset({"no", "n", "non", "false", "f", "faux", "off", "0"})
REFERENCE_MAX = 100
YEARS = range(1900, 2200)

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_HOUR = re.compile(r"([0-9]{1,2})\s?(?:[h:]\s?([0-9]{2})(?::00)?|h)", re.IGNORECASE)
_WHOLE = re.compile(r"[0-9]{1,9}")
_EUROS = re.compile(r"([0-9]{1,7})[.,]([0-9]{1,2})\s?€?|([0-9]{1,7})\s?€")
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f]")


class Cell(fields.Field[Any], ABC):
    """A cell whose text `read` makes a value of; what it returns None for is refused in the words of `form`.

    It has to be filled unless there is a `default`.
    """

    form = ""

    def __init__(self, *, default: object = nothing, **options: Any) -> None:
        super().__init__(required=default is nothing, load_default=default, **options)

    @abstractmethod
    def read(self, text: str) -> object:
        """Return what a trimmed text means, None if it can't be told."""

    def _deserialize(
        self,
        value: object,
        attr: str | None,  # noqa: ARG002 - marshmallow's signature
        data: Mapping[str, Any] | None,  # noqa: ARG002
        **_options: object,
    ) -> object:
        read = self.read(value.strip()) if isinstance(value, str) else None
        if read is None:
            raise ValidationError(self.form)
        return read


class YesNo(Cell):
    """Yes or no, in French, English or as a spreadsheet has it; loads as a bool."""

    form = "Expected yes or no (also oui, non, VRAI, FAUX, 1, 0, x)."

    def read(self, text: str) -> object:
        """Return whether it is yes, None if it is neither."""
        word = text.casefold()
        return word in YES if word in YES or word in NO else None


class Day(Cell):
    """A calendar day: 2019-05-02, or the day first, 02/05/2019; loads as a date.

    A year of two digits could be of two centuries, and no month comes first here: neither is guessed.
    """

    form = f"Expected a day such as 2019-05-02 or 02/05/2019, of the years {YEARS[0]} to {YEARS[-1]}."

    def read(self, text: str) -> object:
        """Return the day."""
        if found := _ISO_DAY.fullmatch(text):
            year, month, day = map(int, found.groups())
        elif found := _DAY_FIRST.fullmatch(text):
            day, month, year = int(found[1]), int(found[3]), int(found[4])
        else:
            return None
        try:
            return date(year, month, day) if year in YEARS else None
        except ValueError:
            return None


class Hour(Cell):
    """A time of day: 07:30, 7:30, 07h30, 7h; loads as a time. Seconds are taken where they are 00."""

    form = "Expected an hour such as 07:30 or 7h30."

    def read(self, text: str) -> object:
        """Return the time of day."""
        if (found := _HOUR.fullmatch(text)) is None:
            return None
        try:
            return time(int(found[1]), int(found[2] or 0))
        except ValueError:
            return None


class Whole(Cell):
    """A whole number of things, of `least` to `most`; loads as an int."""

    def __init__(self, *, most: int, least: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.between, self.form = range(least, most + 1), f"Expected a whole number from {least} to {most}."

    def read(self, text: str) -> object:
        """Return the number."""
        number = int(text) if _WHOLE.fullmatch(text) else -1
        return number if number in self.between else None


class Cents(Whole):
    """An amount in whole cents. Euros are refused and told in cents: 4.50 must become neither 4 nor 450."""

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **options: object
    ) -> object:
        if isinstance(value, str) and (euros := _EUROS.fullmatch(value.strip())):
            cents = int(euros[1] or euros[3]) * 100 + int((euros[2] or "").ljust(2, "0"))
            raise ValidationError(f"Expected whole cents: {cents} for {value.strip()}.")
        return super()._deserialize(value, attr, data, **options)


class Reference(Text):
    """How an organisation's files name something: all of it visible, no blanks but single spaces within.

    Two references that look the same are the same. Nothing is cleaned, for ids are derived from them.
    """

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **options: object
    ) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if _JOINERS.search(text):
            raise ValidationError("A reference has no invisible characters.")
        if text != " ".join(text.split()):
            raise ValidationError("A reference has no blanks but single spaces.")
        return text


class Choice(fields.String):
    """One of a closed list of names, in any letters; loads as a member where the list is an enum's."""

    def __init__(self, choices: Sequence[str] | type[StrEnum], *, default: object = nothing) -> None:
        self.names = names = [str(choice) for choice in choices]
        listed = validate.OneOf(names, error=f"Expected one of {', '.join(names)}.")
        super().__init__(required=default is nothing, load_default=default, validate=listed)
        self.named = choices if isinstance(choices, type) else str

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **options: object
    ) -> str:
        name = super()._deserialize(value, attr, data, **options).strip().lower()
        return self.named(name) if name in self.names else name  # what it is not, its validator says


class Parts(fields.Field[list[str]]):
    """A cell that holds several values, parted by `|`; loads as a list without empty ones, none twice."""

    def __init__(self, part: fields.Field[str], *, required: bool = True, **options: Any) -> None:
        super().__init__(required=required, load_default=nothing if required else list, **options)
        self.part = part

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_options: object
    ) -> list[str]:
        parts = [self.part.deserialize(each, attr, data) for each in str(value).split("|") if each.strip()]
        for index, each in enumerate(parts):
            if each in parts[:index]:
                raise ValidationError(f"{each} stands twice.")
        if self.required and not parts:
            raise ValidationError("None stands here.")
        return parts


def reference(*, longest: int = REFERENCE_MAX, required: bool = True) -> Reference:
    """Return the field of a reference; None where it may be left out and is."""
    default = nothing if required else None
    return Reference(required=required, load_default=default, max_length=longest, hidden=False)
