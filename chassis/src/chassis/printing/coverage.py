"""Which signs our fonts can show, and where words that are too long may be broken.

An archived document may hold no other sign: the compiler would refuse it whole.

A font's `cmap` table says it (OpenType, formats 4 and 12). Of a format 4 segment the ends are read, not its
glyphs: fonts that list a sign there and then show nothing for it are not among ours.
"""

import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

BREAK: Final = "\u200b"
LOST: Final = "\ufffd"
"""Stands where a sign has no shape in our fonts."""


def signs_of(fonts: Iterable[Path]) -> frozenset[int]:
    """Return the code points that at least one of the fonts shows."""
    return frozenset(sign for font in fonts for sign in _signs_in(font.read_bytes()))


def shown_by(signs: frozenset[int], text: str) -> str:
    """Return a text in which every sign that no font shows is marked as lost."""
    if all(ord(sign) in signs for sign in text):
        return text
    return "".join(sign if ord(sign) in signs or sign == "\n" else LOST for sign in text)


def broken(text: str, part: int) -> str:
    """Return a text whose words of twice `part` signs or more may be broken after every `part` of them.

    What may be is copied with a sign that nobody sees, so no other word gets it.
    """
    parts = re.compile(rf"\S{{{part}}}(?=\S)")
    return re.sub(rf"[^\s-]{{{2 * part},}}", lambda word: parts.sub(rf"\g<0>{BREAK}", word[0]), text)


def _signs_in(font: bytes) -> set[int]:
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * place) for place in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    found: set[int] = set()
    for place in range(subtables):
        (offset,) = struct.unpack_from(">I", font, start + 4 + 8 * place + 4)
        found |= _signs_at(font, start + offset)
    return found


def _signs_at(font: bytes, at: int) -> set[int]:
    (form,) = struct.unpack_from(">H", font, at)
    if form == 12:  # noqa: PLR2004 - groups of any code points
        (groups,) = struct.unpack_from(">I", font, at + 12)
        ranges = [struct.unpack_from(">II", font, at + 16 + 12 * place) for place in range(groups)]
    elif form == 4:  # noqa: PLR2004 - segments below U+10000, the last of them a mark of the end
        (doubled,) = struct.unpack_from(">H", font, at + 6)
        ends = struct.unpack_from(f">{doubled // 2}H", font, at + 14)
        starts = struct.unpack_from(f">{doubled // 2}H", font, at + 16 + doubled)
        ranges = [each for each in zip(starts, ends, strict=True) if each != (0xFFFF, 0xFFFF)]
    else:
        ranges = []
    return {sign for first, last in ranges for sign in range(first, last + 1)}
