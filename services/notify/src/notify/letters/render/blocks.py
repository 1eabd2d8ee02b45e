"""The parts of a letter, from what its template says: one mark at the begin of a paragraph names its kind.

The first line is the subject; a line after it that begins with `#` is the heading, else the subject is. Then,
parted by empty lines: `! tone: strong | rest` is a notice, `= label | amount` a sum, `~ text` a note,
`- text` an item of a list and `* text` a part of the item before; `@lines` stands for the bookings, and all
else is a paragraph.
"""

import re
from dataclasses import dataclass

from chassis.values import typography
from notify.letters.model import Block

BREAKABLE = re.compile(r"[ \n\t]+")
"""What a paragraph may be broken at; spaces that must not break are none of it."""
LINES = Block("lines")
ALIKE = {"~": "note", "-": "item", "*": "part"}


@dataclass(frozen=True, slots=True)
class Written:
    """What a letter's own template gives, set as its language is."""

    subject: str
    heading: str
    blocks: tuple[Block, ...]


def written(text: str, language: str) -> Written:
    """Read what a template gave."""
    first, *rest = [block.strip(" \n\t") for block in text.split("\n\n") if block.strip()]
    subject, _, heading = typography.typeset(first, language).partition("\n#")
    subject = _one_line(subject)
    return Written(subject, _one_line(heading) or subject, tuple(_block(each, language) for each in rest))


def _block(raw: str, language: str) -> Block:
    text = typography.typeset(_one_line(raw), language)
    mark, body = text[:1], text[1:].strip()
    if mark in ALIKE:
        return Block(ALIKE[mark], text=body)
    match mark:
        case "!":
            tone, said = _parted(body, ":")
            strong, rest = _parted(said, "|")
            return Block("notice", text=rest, strong=strong, tone=tone)
        case "=":
            label, amount = _parted(body, "|")
            return Block("sum", text=label, strong=amount)
        case "@":
            return LINES
    return Block("text", text=text)


def _parted(text: str, sign: str) -> tuple[str, str]:
    before, _, after = text.partition(sign)
    return before.strip(" "), after.strip(" ")


def _one_line(text: str) -> str:
    return BREAKABLE.sub(" ", text).strip(" ")
