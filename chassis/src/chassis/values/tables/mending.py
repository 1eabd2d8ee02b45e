"""The faulty lines of a file as a file of their own, to be put right and sent again.

It has the columns of the file that they stand in, and two more: the number of the line there, and what is
wrong with it. A reader passes over both, so that the file can be sent as it is once it is mended. A sign that
can't be shown is written as U+FFFD, which no name may hold: a line is not kept before it is written anew.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from chassis.values.tables.lines import FOREIGN, Lines, Record, records
from chassis.values.tables.reading import ADDED, Fault, Header, other_format, read_header
from chassis.values.text import LOST

_UNSHOWN = re.compile(f"[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f{FOREIGN.pattern[1:-1]}]")


def write_faulty_lines(directory: Path, faults: Iterable[Fault], into: Path) -> list[Path]:
    """Write the lines of each file of `directory` that `faults` name into a file of its name; return these.

    A file whose header is at fault is refused as a whole, and is mended where it is.
    """
    reasons: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fault in faults:
        told = f"{fault.column}: {fault.reason}" if fault.column else fault.reason
        reasons[fault.file][fault.line].append(told)
    written = (_write(directory / file, lines, into / file) for file, lines in reasons.items())
    return [path for path in written if path is not None]


def _write(source: Path, reasons: Mapping[int, Sequence[str]], into: Path) -> Path | None:
    if other_format(source):
        return None
    with source.open(encoding="utf-8-sig", errors="surrogateescape", newline=None) as file:
        reader = Lines(file)
        header = read_header(reader, ())
        if header.line in reasons:
            return None
        into.parent.mkdir(parents=True, exist_ok=True)
        with into.open("w", encoding="utf-8-sig", newline="") as mended:
            rows = csv.writer(mended, delimiter=";")
            rows.writerow([*_own(header.columns, header), *ADDED])
            for record in records(reader, header.delimiter, len(header.columns)):
                if record.line in reasons:
                    rows.writerow(_row(record, header, " ".join(reasons[record.line])))
    return into


def _row(record: Record, header: Header, reason: str) -> list[str]:
    width = len(header.columns)
    cells = [*record.cells, *[""] * (width - len(record.cells))]
    line = [*_own(cells[:width], header), str(record.line), reason, *cells[width:]]
    return [_UNSHOWN.sub(LOST, cell) for cell in line]


def _own(cells: Sequence[str], header: Header) -> Iterator[str]:
    """Yield the cells of a line without those that a mended file had in addition."""
    return (cell for cell, column in zip(cells, header.columns, strict=True) if column not in ADDED)
