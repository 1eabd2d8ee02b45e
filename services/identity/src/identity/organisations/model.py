"""The tenant, and what it says to whoever opens its login page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Announcement:
    """A few words of an organisation to whoever opens its login page."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class HelpDesk:
    """Where a family finds a person of the organisation; what is not told is empty."""

    name: str = ""
    address: str = ""
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Accessibility:
    """The organisation's own part of the declaration of accessibility; what is not told is empty.

    `plan_url` is where its plan of several years is read, `contact` whom to tell of a defect, `exempt` what
    it need not or can't make accessible, and why.
    """

    plan_url: str = ""
    contact: str = ""
    exempt: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A town or an association, the tenant. `sequence` counts its changes, from 1.

    `colour` such as "#0b3c5d" is behind the white letters of its pages' heads, `crest` a drawing (SVG) beside
    its name there; both are empty where it has none of its own.
    """

    id: str
    slug: str
    name: str
    time_zone: str
    language: str
    announcements: tuple[Announcement, ...] = ()
    sequence: int = 0
    colour: str = ""
    crest: str = ""
    help_desk: HelpDesk = HelpDesk()
    accessibility: Accessibility = Accessibility()


@dataclass(frozen=True, slots=True)
class Appearance:
    """How an organisation shows itself on pages and in mails. `version` is its `sequence` that was seen."""

    version: int
    colour: str
    crest: str
    help_desk: HelpDesk
    accessibility: Accessibility = Accessibility()


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """What an organisation decides about the sessions of its people. `version` counts the changes.

    The defaults are the longest that sessions may be: an organisation can make them shorter.
    """

    version: int = 0
    family_idle_minutes: int = 30
    family_absolute_hours: int = 12
    staff_idle_minutes: int = 15
    staff_absolute_hours: int = 8
