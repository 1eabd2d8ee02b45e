"""Rows held against the columns that a schema knows: what is good loads, what is not says why.

Columns are parted by `;`, `,` or a tab, whichever the header uses. Cells are trimmed, no-break spaces too; an
empty cell counts as absent. Columns without a heading may stand anywhere as long as they are empty, for
spreadsheets leave them behind; the columns that `mending` adds are passed over.
"""

import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from marshmallow import Schema, ValidationError, fields
from marshmallow.exceptions import SCHEMA

from chassis.values.tables.lines import FOREIGN, Lines, Record, records, split
from chassis.values.text import LOST

ROWS_MAX = 500_000
HEADING_MAX = 80  # of a heading that is told: where columns are parted otherwise, it is the whole line
DELIMITERS = (";", ",", "\t")
ADDED = ("line", "reason")
"""Columns that a file of faulty lines has beside those of its schema."""

_OTHER_FORMATS = {
    b"PK\x03\x04": "This is a spreadsheet or an archive",
    b"\xd0\xcf\x11\xe0": "This is a spreadsheet",
    b"\xff\xfe": "This is UTF-16",
    b"\xfe\xff": "This is UTF-16",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why one line was left out; `column` is empty when the whole line is at fault."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        """Return the line of the report."""
        return f"{self.file}, line {self.line}, {self.column or 'row'}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Row:
    """One good line: `cells` as its schema loaded them."""

    file: str
    line: int
    cells: dict[str, Any]

    def fault(self, column: str, reason: str) -> Fault:
        """Return what is wrong with this line after all."""
        return Fault(self.file, self.line, column, reason)


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a file: its columns in order, empty where one has no heading, and what parts them."""

    line: int
    columns: tuple[str, ...]
    delimiter: str


def read_table(path: Path, schema: Schema) -> tuple[list[Row], list[Fault]]:
    """Return the rows of a file, none where there is no file, and the faults in the order of the lines."""
    rows: list[Row] = []
    faults: list[Fault] = []
    for found in judged(path, schema):
        if isinstance(found, Row):
            rows.append(found)
        else:
            faults.extend(found)
    return rows, faults


def first_of_each(rows: Iterable[Row], columns: Sequence[str]) -> tuple[list[Row], list[Fault]]:
    """Return the rows that are the first with their cells in `columns`, and a fault for each that is not.

    Only one line can be meant, and nobody but who wrote them knows which.
    """
    first: dict[Hashable, Row] = {}
    faults = []
    for row in rows:
        key = tuple(row.cells[column] for column in columns)
        if (standing := first.setdefault(key, row)) is not row:
            faults.append(row.fault("", f"Stands already on line {standing.line}."))
    return list(first.values()), faults


def judged(path: Path, schema: Schema) -> Iterator[Row | list[Fault]]:
    """Yield each line of a file that is not empty: as a row, or as what is wrong with it."""
    if not path.exists():
        return
    if other := other_format(path):
        yield [Fault(path.name, 1, "", other)]
        return
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline=None) as file:
        reader = Lines(file)
        header = read_header(reader, _known(schema))
        if faults := _header_faults(path.name, header, schema):
            yield faults
            return
        for record in records(reader, header.delimiter, len(header.columns)):
            if record.line > ROWS_MAX:
                yield [Fault(path.name, record.line, "", f"More than {ROWS_MAX} lines: part the file.")]
                return
            if not record.empty:
                yield _judged(path.name, record, header, schema)


def other_format(path: Path) -> str:
    """Return in words what a file is instead of CSV in UTF-8, as far as its first bytes tell."""
    with path.open("rb") as file:
        begins = file.read(512)
    found = next((is_ for mark, is_ in _OTHER_FORMATS.items() if begins.startswith(mark)), "")
    if not found and b"\0" in re.split(rb"[\r\n]", begins.strip(b"\r\n"), maxsplit=1)[0]:
        found = "This is UTF-16, or no text at all"
    return f"{found}: save it as CSV UTF-8." if found else ""


def read_header(reader: Lines, known: Collection[str]) -> Header:
    """Return the header: the first line that is neither empty nor the `sep=;` of a spreadsheet.

    Columns are parted by what makes most of them known.
    """
    while (text := reader.take()) is not None and (not text.strip() or text.startswith("sep=")):
        pass
    written = FOREIGN.sub(LOST, text or "")
    found = [(each, _headings(written, each)) for each in DELIMITERS]
    delimiter, columns = max(found, key=lambda each: (len(set(known) & set(each[1])), len(each[1])))
    return Header(max(reader.number, 1), columns, delimiter)


def _headings(text: str, delimiter: str) -> tuple[str, ...]:
    found = split(text, delimiter)
    cells = found.cells if found is not None and found.closed else text.split(delimiter)
    return tuple(cell.strip() for cell in cells)


def _known(schema: Schema) -> dict[str, fields.Field[Any]]:
    return {field.data_key or name: field for name, field in schema.fields.items()}


def _header_faults(file: str, header: Header, schema: Schema) -> list[Fault]:
    known, columns = _known(schema), [column for column in header.columns if column]
    unknown = (
        "Unknown column." if len(columns) > 1 else "Unknown column; columns are parted by ; or , or a tab."
    )
    wrong = [(column, unknown) for column in columns if column not in known and column not in ADDED]
    wrong += [(column, f"{column} stands twice.") for column, count in Counter(columns).items() if count > 1]
    required = {column for column, field in known.items() if field.required}
    wrong += [(column, "The column is missing.") for column in sorted(required - set(columns))]
    return [Fault(file, header.line, column[:HEADING_MAX], reason) for column, reason in wrong]


def _judged(file: str, record: Record, header: Header, schema: Schema) -> Row | list[Fault]:
    if reason := record.unreadable or _strange_cell(record.cells, header.columns):
        return [Fault(file, record.line, "", reason)]
    known = _known(schema)
    filled = {
        column: cell if getattr(known[column], "trim", True) is False else cell.strip()
        for column, cell in zip(header.columns, record.cells, strict=False)
        if column in known and cell.strip()
    }
    try:
        return Row(file, record.line, schema.load(filled))
    except ValidationError as error:
        return [
            Fault(file, record.line, "" if column == SCHEMA else column, " ".join(_sentences(messages)))
            for column, messages in cast("dict[str, object]", error.messages).items()
        ]


def _strange_cell(cells: Sequence[str], columns: Sequence[str]) -> str:
    """Return what is wrong with a row that has a filled cell under no heading."""
    filled = [index for index, cell in enumerate(cells) if cell.strip()]
    if filled[-1] >= len(columns):
        return f"{filled[-1] + 1} cells under {len(columns)} columns."
    strange = next((index for index in filled if not columns[index]), None)
    return "" if strange is None else f"Cell {strange + 1} is filled and has no heading."


def _sentences(messages: object) -> list[str]:
    if isinstance(messages, dict):
        return [sentence for part in messages.values() for sentence in _sentences(part)]
    return [str(message) for message in messages] if isinstance(messages, list) else [str(messages)]
