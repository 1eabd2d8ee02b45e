"""The rows of a CSV file as they stand, each with the number of the line on which an editor shows it.

Lines end with LF, CR LF or CR, also mixed. What is read is bounded however the file looks: a line by
LINE_MAX, a cell that goes on over several lines by CELL_LINES_MAX. A row that can't be read says so and costs
no other row:

- Bytes that are no UTF-8 stay as lone surrogates in the text, and with them the row can't be read.
- A quote opens a cell only at its beginning, and closes it only before a separator or the end of the line.
  Any other quote inside a quoted cell is stray: its row ends with its line.
- A quote that is not closed on its line opens a cell of several lines only if none of these lines looks like
  a row of its own, which is one with as many separators as the header. Otherwise it is stray too.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

LINE_MAX = 100_000
CELL_LINES_MAX = 50

TOO_LONG = f"The line has more than {LINE_MAX} characters."
STRAY_QUOTE = (
    "A quotation mark stands where none can: a cell that begins with one ends with one, "
    'and those inside are doubled ("").'
)
NOT_UTF_8 = "The line is not UTF-8: save the file as CSV UTF-8."
NUL = "The line holds a NUL character."

_CELL = re.compile(r'"([^"]*(?:""[^"]*)*)("?)')
_BLANKS = re.compile(r"[^\S\t\n]*")
FOREIGN = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Record:
    """One row as it stands: the line on which it begins, its cells, and why it can't be read if it can't."""

    line: int
    cells: list[str]
    unreadable: str = ""

    @property
    def empty(self) -> bool:
        """Return whether nothing stands in it, as spreadsheets leave behind."""
        return not self.unreadable and not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Split:
    """What a text comes to as a row: its cells; `closed` unless the last one's quote is still open."""

    cells: list[str]
    closed: bool


class Lines:
    """The lines of a file with their numbers; one may look ahead."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._ahead, self.number = file, deque[str](), 0

    def take(self) -> str | None:
        """Return the next line without its end, one character longer than LINE_MAX if it was longer still."""
        line = self._ahead.popleft() if self._ahead else self._read()
        self.number += line is not None
        return line

    def ahead(self, index: int) -> str | None:
        """Return the line that comes after `index` others, and leave it there."""
        while len(self._ahead) <= index:
            line = self._read()
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[index]

    def _read(self) -> str | None:
        text = self._file.readline(LINE_MAX + 1)
        if not text or text.endswith("\n"):
            return text[:-1] if text else None
        rest = text if len(text) > LINE_MAX else ""
        while rest and not rest.endswith("\n"):
            rest = self._file.readline(LINE_MAX)
        return text


def records(lines: Lines, delimiter: str, width: int) -> Iterator[Record]:
    """Yield the rows that follow, under a header of `width` columns."""
    while (text := lines.take()) is not None:
        yield record(lines, text, delimiter, width)


def record(lines: Lines, text: str, delimiter: str, width: int) -> Record:
    """Return the row that begins with the line just taken, and take what else belongs to it."""
    begins = lines.number
    if len(text) > LINE_MAX:
        return Record(begins, [], TOO_LONG)
    found = split(text, delimiter)
    if found is not None and not found.closed:
        found = _continued(lines, text, delimiter, width)
    if found is None:
        return Record(begins, text.split(delimiter), STRAY_QUOTE)
    held = delimiter.join(found.cells)
    unreadable = NOT_UTF_8 if FOREIGN.search(held) else NUL if "\0" in held else ""
    return Record(begins, found.cells, unreadable)


def split(text: str, delimiter: str) -> Split | None:
    """Return the cells of a text, which may hold line ends within quotes; None where a quote is stray."""
    if '"' not in text:
        return Split(text.split(delimiter), closed=True)
    cells, at = [], 0
    while True:
        if (quoted := _CELL.match(text, at)) is None:
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            cells.append(text[at:end])
        else:
            cells.append(quoted[1].replace('""', '"'))
            if not quoted[2]:
                return Split(cells, closed=False)
            end = _BLANKS.match(text, quoted.end()).end()  # type: ignore[union-attr]  # it matches nothing too
            if end < len(text) and text[end] != delimiter:
                return None
        if end == len(text):
            return Split(cells, closed=True)
        at = end + 1


def _continued(lines: Lines, text: str, delimiter: str, width: int) -> Split | None:
    """Return the row whose last cell goes on over the lines that follow, and take them; None if none does."""
    opened = split(text, delimiter)
    if opened is None or _looks_like_a_row(text, opened.cells[-1].count(delimiter), delimiter, width):
        return None
    for further in range(CELL_LINES_MAX):
        line = lines.ahead(further)
        if line is None or len(text) + len(line) >= LINE_MAX:
            return None
        text = f"{text}\n{line}"
        before, found = len(opened.cells), split(text, delimiter)
        if found is None:
            return None
        within = line.count(delimiter) - (len(found.cells) - before)
        if _looks_like_a_row(line, within if found.closed else 1, delimiter, width):
            return None
        if found.closed:
            for _ in range(further + 1):
                lines.take()
            return found
        opened = found
    return None


def _looks_like_a_row(line: str, within: int, delimiter: str, width: int) -> bool:
    """Return whether a line has the separators of a row, `within` of them inside a cell that is quoted."""
    return width > 1 and within > 0 and line.count(delimiter) == width - 1
