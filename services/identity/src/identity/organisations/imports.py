"""From organisations.csv to organisations."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from marshmallow import Schema

from chassis.running.progress import Progress
from chassis.values.ids import named_id
from chassis.values.tables import Fault, Row, first_of_each, read_table
from identity.organisations.model import Accessibility, Announcement, HelpDesk, Organisation


@dataclass(slots=True)
class Report:
    """What an import did: how many things of each kind were read and changed, each fault and each doubt."""

    read: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    changed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)

    def rows(self, path: Path, schema: Schema, key: Sequence[str]) -> list[Row]:
        """Read a file; a line with the `key` of an earlier one is a fault, for only one can be meant."""
        found, faults = read_table(path, schema)
        first, doubles = first_of_each(found, key) if key else (found, [])
        self.faults += [*faults, *doubles]
        return first


def organisation_id(slug: str) -> str:
    """Derive an organisation's id from its slug, as every service does."""
    return named_id("", "organisation", slug)


def organisation_of(row: Row) -> Organisation:
    """Make the organisation of a row."""
    cells = row.cells
    title, text = cells["announcement_title"], cells["announcement_text"]
    return Organisation(
        id=organisation_id(cells["slug"]),
        slug=cells["slug"],
        name=cells["name"],
        time_zone=cells["time_zone"],
        language=cells["language"],
        announcements=(Announcement(title, text),) if title or text else (),
        colour=cells["colour"].lower(),
        crest=cells["crest"].strip(),
        help_desk=HelpDesk(*(cells[f"help_desk_{name}"] for name in ("name", "address", "phone", "hours"))),
        accessibility=Accessibility(
            *(cells[f"accessibility_{name}"] for name in ("plan_url", "contact", "exempt"))
        ),
    )
