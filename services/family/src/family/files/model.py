"""The file of a family, which is the household."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FamilySettings:
    """What an organisation decides about its files. `version` counts the changes.

    `child_age_max_years` is the age beyond which a birth date is taken for a mistake.
    """

    version: int = 0
    child_age_max_years: int = 25


@dataclass(frozen=True, slots=True)
class Family:
    """One file. `reference` is what the organisation calls it; `id` is the `family_id` of all messages.

    `version` counts the changes of the file and of its people. A file that was found to be the double of
    another is `merged_into` it: who comes with either id is shown both as one, until the merge is undone.
    """

    id: str
    organisation_id: str
    reference: str
    name: str
    language: str
    address_lines: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    version: int = field(default=0, compare=False)
    merged_into: str | None = field(default=None, compare=False)
