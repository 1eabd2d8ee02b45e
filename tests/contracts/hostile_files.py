"""Files as they come from real life: 400 lines, 40 of them bad, and which ones; the same at every run."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from chassis.values.tables.lines import LINE_MAX
from tests.contracts.import_tables import Table

LINES, BAD = 400, 40
Spoil = Callable[[Table, dict[str, str], Random], dict[str, str] | bytes]
"""What makes a line of these cells bad: other cells, or the line as it stands."""


@dataclass(frozen=True)
class Hostile:
    """A file, the numbers of its bad lines, and the cells of the good ones."""

    content: bytes
    bad: set[int]
    good: dict[int, Mapping[str, str]]


def _line(cells: Mapping[str, str], random: Random | None = None) -> bytes:
    made = io.StringIO()
    quoting = csv.QUOTE_ALL if random is not None and random.random() < 0.2 else csv.QUOTE_MINIMAL
    csv.writer(made, delimiter=";", lineterminator="", quoting=quoting).writerow(cells.values())
    return made.getvalue().encode()


def _raw(cells: Mapping[str, str]) -> bytes:
    return ";".join(cells.values()).encode()


def _wrong(table: Table, cells: dict[str, str], random: Random) -> dict[str, str]:
    column = random.choice([*table.wrong])
    return {**cells, column: random.choice(table.wrong[column])}


def _in_text(sign: str) -> Spoil:
    return lambda table, cells, _: {**cells, table.text: f"A{sign}b"}


KINDS: dict[str, Spoil] = {
    "foreign bytes": lambda table, cells, _: _line({**cells, table.text: "@@"}).replace(b"@@", b"Zo\xe9"),
    "a stray quote": lambda table, cells, _: _raw({**cells, table.text: '"Jean" Paul'}),
    "a quote that stays open": lambda table, cells, _: _raw({**cells, table.text: '"Jean Paul'}),
    "too many cells": lambda _, cells, __: _line(cells) + b";;x",
    "a NUL": _in_text("\x00"),
    "a control character": _in_text("\x07"),
    "an over-long line": lambda table, cells, _: _line({**cells, table.text: "x" * LINE_MAX}),
    "an invisible character": _in_text("\u200b"),
    "a character that turns the direction": _in_text("\u202e"),
    "an empty cell": lambda table, cells, _: {**cells, table.text: "\u00a0"},
    "a cell of another kind": _wrong,
    "a line that stands twice": lambda table, _, __: dict(table.good(1)),
}


def hostile_file(table: Table, *kinds: str) -> Hostile:
    """Return a file whose bad lines are of these kinds, in turn; the first line is good."""
    random = Random(f"{table.file} {kinds}")
    places = set(random.sample(range(2, LINES + 1), BAD))
    header = [*table.good(1)]
    parts, line = ["\ufeff".encode() * random.randint(0, 1) + ";".join(header).encode()], 1
    bad, good = set(), {}
    for number in range(1, LINES + 1):
        if random.random() < 0.05:
            parts.append(random.choice([b"", b" ", b";" * (len(header) - 1)]))
            line += 1
        line += 1
        cells = dict(table.good(number))
        if number in places:
            spoilt = KINDS[kinds[len(bad) % len(kinds)]](table, cells, random)
            parts.append(spoilt if isinstance(spoilt, bytes) else _line(spoilt))
            bad.add(line)
        else:
            parts.append(_line(cells, random))
            good[line] = cells
    return Hostile(random.choice([b"\n", b"\r\n", b"\r"]).join(parts), bad, good)
