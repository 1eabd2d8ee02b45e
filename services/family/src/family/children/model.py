"""A child. Health data has no place here: it will stand in a sub-document of its own."""

from dataclasses import dataclass
from datetime import date

from family.people.model import UNKNOWN, Pivot


@dataclass(frozen=True, slots=True)
class Child:
    """A child, who belongs to one file or, with separated parents, to two.

    `family_ids` follow from the guardianships; they stand here so that a file finds its children.
    `named_family_ids` are the files that an import named, where these are or were others.
    """

    id: str
    organisation_id: str
    reference: str
    family_ids: tuple[str, ...]
    first_name: str
    last_name: str
    birth_on: date
    school: str = ""
    school_class: str = ""
    pivot: Pivot = UNKNOWN
    named_family_ids: tuple[str, ...] = ()

    @property
    def told_family_ids(self) -> tuple[str, ...]:
        """Return the files that the organisation says the child belongs to."""
        return self.named_family_ids or self.family_ids
