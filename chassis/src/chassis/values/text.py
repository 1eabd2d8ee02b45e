"""What a piece of text may be, the same at every door and in every imported cell.

Text is kept in Unicode's composed form (NFC), so that the same name typed on two keyboards is one name.
Control characters and lone surrogates are refused: they have no place in a name, break logs, mails and
CSV exports, and a lone surrogate can't even be written as UTF-8.

Hidden signs make two names that look the same differ, or show a text in another order than it is kept. They
are refused where a field says so; not in passwords, which may hold anything. The joiners U+200C and U+200D
are none of them, for Persian words and emojis are written with them; nor are variation selectors. U+FFFD
stands where a sign was lost on the way, and is refused with them.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

REFUSED_CATEGORIES = frozenset({"Cc", "Cs"})

HIDDEN = (
    "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u2028-\\u202e"
    "\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb"
)
"""Signs that are seen by nobody, or turn the direction of others: the inside of a pattern's class, which the
description of an interface can hold too."""

_HIDDEN = re.compile(f"[{HIDDEN}\\U000e0000-\\U000e0fff]")


LOST = "\ufffd"


def faults_of(value: str, *, lines: bool = False, hidden: bool = True) -> list[str]:
    """Return what is wrong with a text, in sentences; an empty list when nothing is.

    With `lines` the line feed is allowed, for texts that have paragraphs; without `hidden` no hidden sign is.
    """
    allowed = "\n" if lines else ""
    if any(unicodedata.category(sign) in REFUSED_CATEGORIES and sign not in allowed for sign in value):
        return ["Control characters and lone surrogates are not allowed."]
    if not hidden and (found := _HIDDEN.search(value)):
        stands = f"U+{ord(found[0]):04X} stands after {found.start()} others"
        return [
            f"Invisible characters, and those that turn the direction of others, are not allowed: {stands}."
        ]
    return ["A character was lost on the way: write it again."] if not hidden and LOST in value else []


class Text(fields.String):
    """A text of `min_length` to `max_length` characters, composed, and trimmed unless `trim` is false.

    `lines` lets it have paragraphs; without `hidden` it has no hidden signs.
    """

    def __init__(
        self,
        *,
        max_length: int,
        min_length: int = 1,
        lines: bool = False,
        hidden: bool = True,
        trim: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.max_length, self.min_length = max_length, min_length
        self.lines, self.hidden, self.trim = lines, hidden, trim

    def _deserialize(
        self,
        value: object,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **options: object,
    ) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if faults := faults_of(text, lines=self.lines, hidden=self.hidden):
            raise ValidationError(faults)
        text = unicodedata.normalize("NFC", text.strip() if self.trim else text)
        if not self.min_length <= len(text) <= self.max_length:
            raise ValidationError(f"Length must be between {self.min_length} and {self.max_length}.")
        return text
