"""What family tells, as far as billing needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class ContactFact:
    """A guardian of a family, by name and mail address."""

    guardian_id: str | None
    name: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class FamilyFact:
    """A family's name, and how to reach its guardians."""

    family_id: str
    name: str
    contacts: tuple[ContactFact, ...]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Return what `family_changed` tells."""
        contacts = tuple(
            ContactFact(each.get("guardian_id"), each.get("name"), each.get("email"))
            for each in data.get("contacts", [])
        )
        return cls(data["family_id"], data.get("name", ""), contacts)
