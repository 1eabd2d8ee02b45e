"""What an act may reach: made once at the door, taken by every store."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the data that a call may see and change. Ids are UUIDs as text.

    Everything lies within one organisation. `family_id` narrows it to one family's file: what is new is kept
    under it, and what stands may also stand under `merged_family_ids`, other ids of the same file.
    `centre_ids` and `cash_office_ids` narrow it to those whose grant gives the capability that was asked for:
    None stands for all, an empty set for nothing.
    """

    organisation_id: str
    family_id: str | None = None
    centre_ids: frozenset[str] | None = None
    cash_office_ids: frozenset[str] | None = None
    merged_family_ids: tuple[str, ...] = ()

    @property
    def family_ids(self) -> tuple[str, ...]:
        """Return all ids under which things of the family's file stand; none for a scope without a family."""
        return (self.family_id, *self.merged_family_ids) if self.family_id is not None else ()

    def file_of(self, family_id: str) -> tuple[str, ...]:
        """Return all ids of the file that has this one; of a file that is not the scope's, this one alone."""
        return self.family_ids if family_id in self.family_ids else (family_id,)
