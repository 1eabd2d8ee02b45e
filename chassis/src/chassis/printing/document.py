"""What a document may hold: plain data, which the layout sets and nobody reads as markup."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

PAGES: Final = {"fr": ("Page", "sur"), "en": ("Page", "of")}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues a document: its name, its colour such as "#0b3c5d", and where it is found, line by line."""

    name: str
    colour: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A word with the icons before it, and what is small below it; any may be empty."""

    text: str
    icons: tuple[str, ...] = ()
    small: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head; figures stand at the right. `share` is its part of the width that is left."""

    head: str
    figures: bool = False
    share: int = 1


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows."""

    text: str
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A few sentences."""

    text: str
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values, one below the other."""

    rows: tuple[tuple[str, Cell], ...]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True, slots=True)
class Sums:
    """An account to be added up: words with amounts at the right, the last of them what it comes to."""

    rows: tuple[tuple[str, str], ...]
    kind: str = field(default="sums", init=False)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below their heads, which are repeated on every page; `total` is its last row, or empty."""

    summary: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[str, str] | None = None
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Legend:
    """What icons and words mean."""

    title: str
    rows: tuple[tuple[Cell, str], ...]
    kind: str = field(default="legend", init=False)


Block = Heading | Paragraph | Facts | Sums | Table | Legend


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one language, dated `at`: the same document is the same bytes, whenever it is made.

    `at` bears its time zone. `foot` stands at the bottom of every page, beside the page's number.
    """

    title: str
    language: str
    letterhead: Letterhead
    at: datetime
    blocks: tuple[Block, ...]
    foot: str = ""


def as_data(document: Document) -> Mapping[str, Any]:
    """Return a document as the layout reads it."""
    page, of = PAGES[document.language]
    return {**asdict(document), "at": int(document.at.timestamp()), "page": page, "of": of}
