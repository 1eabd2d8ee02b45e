"""What a piece of text may be, the same at every door and in every imported cell.

Text is kept in Unicode's composed form (NFC), so that the same name typed on two keyboards is one name.
Control characters and lone surrogates are refused: they have no place in a name, break logs, mails and
CSV exports, and a lone surrogate can't even be written as UTF-8.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

REFUSED_CATEGORIES = frozenset({"Cc", "Cs"})


def faults_of(value: str, *, lines: bool = False) -> list[str]:
    """Return what is wrong with a text, in sentences; an empty list when nothing is.

    With `lines` the line feed is allowed, for texts that have paragraphs.
    """
    allowed = "\n" if lines else ""
    if any(unicodedata.category(sign) in REFUSED_CATEGORIES and sign not in allowed for sign in value):
        return ["Control characters and lone surrogates are not allowed."]
    return []


class Text(fields.String):
    """A text of `min_length` to `max_length` characters, composed, and trimmed unless `trim` is false."""

    def __init__(
        self,
        *,
        max_length: int,
        min_length: int = 1,
        lines: bool = False,
        trim: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.max_length, self.min_length = max_length, min_length
        self.lines, self.trim = lines, trim

    def _deserialize(
        self,
        value: object,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **options: object,
    ) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if faults := faults_of(text, lines=self.lines):
            raise ValidationError(faults)
        text = unicodedata.normalize("NFC", text.strip() if self.trim else text)
        if not self.min_length <= len(text) <= self.max_length:
            raise ValidationError(f"Length must be between {self.min_length} and {self.max_length}.")
        return text
