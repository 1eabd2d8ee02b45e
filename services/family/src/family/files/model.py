"""The file of a family, which is the household."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """One file. `reference` is what the organisation calls it."""

    id: str
    organisation_id: str
    reference: str
    name: str
    language: str
    address_lines: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
