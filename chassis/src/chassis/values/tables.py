"""Reading a CSV file that people made: every line is judged alone, and a bad one says where and why.

UTF-8 with or without a byte order mark; columns parted by `;` or `,`, whichever the header uses. An empty
cell counts as absent. What a row means is the business of the service that imports it.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from marshmallow import Schema, ValidationError, fields

from chassis.values.text import Text

T = TypeVar("T")

ROWS_MAX = 500_000


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


class Parts(fields.Field[list[str]]):
    """A cell that holds several texts, parted by `|`; loads as a list without empty parts."""

    def __init__(
        self,
        *,
        max_length: int,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.part = Text(max_length=max_length)

    def _deserialize(
        self,
        value: object,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **_options: object,
    ) -> list[str]:
        parts = str(value).split("|")
        return [self.part.deserialize(part, attr, data) for part in parts if part.strip()]


def read_table(path: Path, schema: Schema) -> tuple[list[Row], list[Fault]]:
    """Return the rows of a file, none where there is no file, and the faults in the order of the lines."""
    if not path.exists():
        return [], []
    rows: list[Row] = []
    faults: list[Fault] = []
    try:
        for found in _lines(path, schema):
            if isinstance(found, Row):
                rows.append(found)
            else:
                faults.extend(found)
    except (UnicodeDecodeError, csv.Error) as error:
        line = len(rows) + len(faults) + 2
        faults.append(Fault(path.name, line, "", f"The file can't be read from here on: {error}."))
    return rows, faults


def _lines(path: Path, schema: Schema) -> Iterator[Row | list[Fault]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline()
        delimiter = ";" if ";" in header else ","
        columns = next(csv.reader([header], delimiter=delimiter), [])
        if faults := _header_faults(path.name, columns, schema):
            yield faults
            return
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        for cells in reader:
            line = reader.line_num + 1
            if line > ROWS_MAX:
                yield [Fault(path.name, line, "", f"More than {ROWS_MAX} lines: part the file.")]
                return
            if any(cells):
                yield _judged(path.name, line, columns, cells, schema)


def _header_faults(file: str, columns: list[str], schema: Schema) -> list[Fault]:
    known = {field.data_key or name for name, field in schema.fields.items()}
    required = {field.data_key or name for name, field in schema.fields.items() if field.required}
    unknown = [Fault(file, 1, column, "Unknown column.") for column in columns if column not in known]
    missing = [Fault(file, 1, column, "The column is missing.") for column in sorted(required - set(columns))]
    return unknown + missing


def _judged(file: str, line: int, columns: list[str], cells: list[str], schema: Schema) -> Row | list[Fault]:
    if len(cells) > len(columns):
        return [Fault(file, line, "", f"{len(cells)} cells under {len(columns)} columns.")]
    filled = {column: cell for column, cell in zip(columns, cells, strict=False) if cell.strip()}
    try:
        return Row(file, line, schema.load(filled))
    except ValidationError as error:
        return [
            Fault(file, line, column, " ".join(_sentences(messages)))
            for column, messages in cast("dict[str, object]", error.messages).items()
        ]


def _sentences(messages: object) -> list[str]:
    if isinstance(messages, dict):
        return [sentence for part in messages.values() for sentence in _sentences(part)]
    return [str(message) for message in messages] if isinstance(messages, list) else [str(messages)]


def in_batches(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the things in runs of at most `size`, for writes that must stay small."""
    for start in range(0, len(things), size):
        yield things[start : start + size]
