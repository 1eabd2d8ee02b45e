"""The nouns of identity: organisations, accounts and where they belong, sessions, counted attempts.

What follows from them is in rules; how they are kept is in store.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do in an organisation."""

    ADMIN = "admin"
    MANAGER = "manager"
    DESK = "desk"
    CASHIER = "cashier"
    CARER = "carer"
    READER = "reader"
    DPO = "dpo"


class SessionKind(StrEnum):
    """Whose limits a session has."""

    FAMILY = "family"
    STAFF = "staff"


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
class Membership:
    """Where an account belongs: a family of an organisation, roles among its staff, or both."""

    organisation_id: str
    family_id: str | None = None
    guardian_id: str | None = None
    roles: tuple[str, ...] = ()
    centre_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """One person. `login` is normalised and unique over all organisations."""

    id: str
    login: str
    first_name: str
    last_name: str
    language: str
    password_hash: str
    memberships: tuple[Membership, ...] = ()
    known_devices: tuple[str, ...] = ()

    @property
    def display_name(self) -> str:
        """Name the person as the header of a page does."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A membership with the few facts of its organisation that every page shows, as a session keeps them."""

    membership: Membership
    slug: str
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Session:
    """A person who is logged in, consulting one organisation. All instants are UTC."""

    id: str
    account_id: str
    login: str
    display_name: str
    language: str
    standings: tuple[Standing, ...]
    organisation_id: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime

    @property
    def standing(self) -> Standing:
        """Say where the person stands in the organisation that is being consulted."""
        return next(s for s in self.standings if s.membership.organisation_id == self.organisation_id)

    @property
    def kind(self) -> SessionKind:
        """Tell staff by their roles in the organisation that is being consulted."""
        return SessionKind.STAFF if self.standing.membership.roles else SessionKind.FAMILY


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where attempts to log in are counted: a key, and how many failures it forgives."""

    key: str
    free_failures: int
