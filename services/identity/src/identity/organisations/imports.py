"""From organisations.csv to organisations."""

from collections import defaultdict
from dataclasses import dataclass, field

from chassis.values.ids import named_id
from chassis.values.tables import Fault, Row
from identity.organisations.model import Announcement, Organisation


@dataclass(slots=True)
class Report:
    """What an import did: how many things of each kind were read, how many changed, and each fault."""

    read: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    changed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    faults: list[Fault] = field(default_factory=list)


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
    )
