"""Nouns that other services own and booking keeps a copy of: the organisation, children, their enrolments."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Organisation:
    """The tenant; ``time_zone`` is an IANA name, ``colour`` and ``lines`` are for the heads of documents."""

    id: str
    slug: str
    name: str
    time_zone: str
    language: str
    colour: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A child's enrolment in an activity for a school year such as "2026-2027"."""

    activity_id: str
    school_year: str
    state: str


@dataclass(frozen=True, slots=True)
class Child:
    """What booking must know of a child; separated parents make several families."""

    id: str
    organisation_id: str
    family_ids: tuple[str, ...]
    first_name: str
    last_name: str
    birth_on: date | None
    enrolments: tuple[Enrolment, ...] = ()

    @property
    def name(self) -> str:
        """First and last name, as lists and mails show it."""
        return f"{self.first_name} {self.last_name}".strip()
