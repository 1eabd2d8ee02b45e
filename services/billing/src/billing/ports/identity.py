"""What identity tells, as far as billing needs it."""

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class OrganisationFact:
    """An organisation's short name and its zone, in which documents get their year."""

    organisation_id: str
    slug: str
    time_zone: str

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Read `organisation_changed`."""
        return cls(data["organisation_id"], data["slug"], data.get("time_zone") or "Europe/Paris")
