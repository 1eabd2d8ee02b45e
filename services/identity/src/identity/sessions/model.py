"""Who is logged in, and what their session shows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from identity.memberships.model import Membership


class SessionKind(StrEnum):
    """Whose limits a session has."""

    FAMILY = "family"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Affiliation:
    """A membership with the few facts of its organisation that every page shows, as a session keeps them."""

    membership: Membership
    slug: str
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Session:
    """A person who is logged in, consulting one of their memberships. All instants are UTC.

    `is_claimed` once the token was used: until then nobody knows whether it ever reached the person.
    """

    id: str
    account_id: str
    login: str
    display_name: str
    language: str
    affiliations: tuple[Affiliation, ...]
    membership_id: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    is_claimed: bool = True

    @property
    def consulted(self) -> Affiliation:
        """Return the affiliation that is being consulted."""
        return next(each for each in self.affiliations if each.membership.id == self.membership_id)

    @property
    def kind(self) -> SessionKind:
        """Tell staff by the membership that is being consulted."""
        return SessionKind.STAFF if self.consulted.membership.grants else SessionKind.FAMILY
