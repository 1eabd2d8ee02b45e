"""The nouns of a family's file: family, guardian, child, enrolment.

What follows from them is in rules; how they are kept is in store. Health data has no place in these: it will
stand in a sub-document of its own.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EnrolmentState(StrEnum):
    """What became of asking for a place in an activity for a school year."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REFUSED = "refused"


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


@dataclass(frozen=True, slots=True)
class Guardian:
    """A legal guardian, who belongs to one file; `payer` says whether bills go to them."""

    id: str
    organisation_id: str
    reference: str
    family_id: str
    first_name: str
    last_name: str
    email: str | None = None
    phone: str | None = None
    payer: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """A child, who belongs to one file or, with separated parents, to two."""

    id: str
    organisation_id: str
    reference: str
    family_ids: tuple[str, ...]
    first_name: str
    last_name: str
    birth_on: date
    school: str = ""
    school_class: str = ""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A child in an activity for a school year such as "2026-2027"."""

    id: str
    organisation_id: str
    child_id: str
    activity_id: str
    school_year: str
    state: EnrolmentState
