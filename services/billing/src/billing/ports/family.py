"""What family tells, as far as billing needs it."""

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class FamilyFact:
    """A family's name, and how to reach its guardians."""

    family_id: str
    name: str
    contacts: list[dict[str, Any]]

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Read `family_changed`."""
        kept = ("guardian_id", "name", "email")
        contacts = [{name: each.get(name) for name in kept} for each in data.get("contacts", [])]
        return cls(data["family_id"], data.get("name", ""), contacts)
