"""What identity tells, as far as billing needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class OrganisationFact:
    """An organisation's short name, its zone, in which documents get their year, and who issues them.

    `lines` say where a family finds a person of it.
    """

    slug: str
    time_zone: str
    name: str = ""
    colour: str = ""
    lines: tuple[str, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Return what `organisation_changed` tells; the organisation itself stands in the envelope."""
        desk = data.get("help_desk") or {}
        said = (("name", "address"), ("phone", "hours"))
        lines = (", ".join(str(desk[each]) for each in line if desk.get(each)) for line in said)
        return cls(
            data["slug"],
            data.get("time_zone") or "Europe/Paris",
            data.get("name") or "",
            data.get("colour") or "",
            tuple(filter(None, lines)),
        )
