"""What identity tells, as far as billing needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class OrganisationFact:
    """An organisation's short name and its zone, in which documents get their year."""

    slug: str
    time_zone: str

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Return what `organisation_changed` tells; the organisation itself stands in the envelope."""
        return cls(data["slug"], data.get("time_zone") or "Europe/Paris")
