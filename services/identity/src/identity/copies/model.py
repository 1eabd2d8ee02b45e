"""A family as identity knows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """A family's file: what it is called, and the file that it was merged into."""

    id: str
    organisation_id: str
    name: str
    merged_into: str | None = None
