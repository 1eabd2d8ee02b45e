"""The table of OWASP ASVS 5.0, level 2, as a page: `python -m deploy.asvs [--check]`.

`docs/asvs/level-2.csv` holds a row for each requirement: what it is about in our words, how it stands, where
that is shown, who owes what is missing. `docs/asvs/README.md` is written from it.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from deploy.local.layout import ROOT

HERE: Final = ROOT / "docs" / "asvs"
TABLE: Final = HERE / "level-2.csv"
PAGE: Final = HERE / "README.md"
STATES: Final = ("held", "not applicable", "deviation", "owed")
CHAPTERS: Final = {
    1: "Encoding and sanitization",
    2: "Validation and business logic",
    3: "Web front end",
    4: "Interfaces and HTTP",
    5: "Files",
    6: "Authentication",
    7: "Sessions",
    8: "Authorization",
    9: "Self-contained tokens",
    10: "OAuth and OpenID Connect",
    11: "Cryptography",
    12: "Encrypted connections",
    13: "Configuration",
    14: "Data protection",
    15: "Coding and architecture",
    16: "Logs and errors",
    17: "WebRTC",
}
_HEAD: Final = """# ASVS 5.0, level 2

Written by `make asvs` from [level-2.csv](level-2.csv); a test fails while it is stale.

The requirements are those of the
[OWASP Application Security Verification Standard](https://github.com/OWASP/ASVS) 5.0.0, levels 1 and 2,
© the OWASP Foundation, under [CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/). Numbers are
theirs; what a row is about is said in words of our own and is no substitute for their text, which decides.
This table is under the same licence.

| state | means |
|---|---|
| held | it is so: a test shows it, or a page says it where a page is what is asked for |
| not applicable | there is no such thing here, and why |
| deviation | it is done otherwise, and why |
| owed | it is not so yet: what is missing, and with what it comes |

The pages that are asked for are gathered in [security.md](../security.md).
"""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A row: `where` are paths from the root, of tests with `::name`; `owner` is who owes what is missing."""

    id: str
    level: int
    subject: str
    state: str
    where: tuple[str, ...]
    owner: str
    note: str

    @property
    def number(self) -> tuple[int, ...]:
        """The id as numbers, by which rows are ordered."""
        return tuple(int(part) for part in self.id.removeprefix("V").split("."))

    @property
    def chapter(self) -> int:
        """The number of its chapter."""
        return self.number[0]

    @property
    def is_tested(self) -> bool:
        """Whether a test is among what shows it."""
        return any(path.startswith("tests/") for path in self.where)


def read() -> list[Requirement]:
    """Return all rows in the order of the file."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Requirement(
                id=row["id"],
                level=int(row["level"]),
                subject=row["subject"],
                state=row["state"],
                where=tuple(row["where"].split()),
                owner=row["owner"],
                note=row["note"],
            )
            for row in csv.DictReader(file)
        ]


def page(rows: Sequence[Requirement]) -> str:
    """Return the page: how many stand how, chapter by chapter, then each row."""
    return "\n".join(
        [_HEAD, *_counts(rows), *(line for number in CHAPTERS for line in _chapter(number, rows))]
    )


def _counts(rows: Sequence[Requirement]) -> Iterable[str]:
    yield "| chapter | rows | held, by a test | held, on a page | not applicable | deviation | owed |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for number, name in CHAPTERS.items():
        yield _line(f"[{number}. {name}](#{_anchor(number)})", [row for row in rows if row.chapter == number])
    yield _line("all", rows)


def _line(name: str, rows: Sequence[Requirement]) -> str:
    by_state = Counter(row.state for row in rows)
    tested = sum(row.state == "held" and row.is_tested for row in rows)
    counted = [len(rows), tested, by_state["held"] - tested, *(by_state[state] for state in STATES[1:])]
    return f"| {name} | " + " | ".join(map(str, counted)) + " |"


def _anchor(number: int) -> str:
    return f"{number}-{CHAPTERS[number].lower().replace(' ', '-')}"


def _chapter(number: int, rows: Sequence[Requirement]) -> Iterable[str]:
    yield f"\n## {number}. {CHAPTERS[number]}\n"
    yield "| | level | about | state | shown by | why, or what is missing |"
    yield "|---|--:|---|---|---|---|"
    for row in rows:
        if row.chapter == number:
            shown = "<br>".join(_link(path) for path in row.where)
            note = f"**{row.owner}**: {row.note}" if row.owner else row.note
            number_said = row.id.removeprefix("V")
            yield f"| {number_said} | {row.level} | {row.subject} | {row.state} | {shown} | {note} |"


def _link(where: str) -> str:
    path, _, name = where.partition("::")
    said = name.removeprefix("test_").replace("_", " ") if name else path
    return f"[{said}](../../{path})"


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; fail when the page is not what the table says.")
def main(*, check: bool) -> None:
    """Write docs/asvs/README.md from docs/asvs/level-2.csv."""
    written = page(read()) + "\n"
    is_stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != written
    if is_stale and not check:
        PAGE.write_text(written, encoding="utf-8")
    if is_stale:
        click.echo(f"{Path(PAGE).relative_to(ROOT)} {'is stale: run make asvs' if check else 'written'}")
    sys.exit(1 if check and is_stale else 0)


if __name__ == "__main__":
    main()
