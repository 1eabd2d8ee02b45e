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
