"""The tenant, and what it says to whoever opens its login page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Announcement:
    """A few words of an organisation to whoever opens its login page."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """A town or an association, the tenant. `sequence` counts its changes, from 1."""

    id: str
    slug: str
    name: str
    time_zone: str
    language: str
    announcements: tuple[Announcement, ...] = ()
    sequence: int = 0


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
