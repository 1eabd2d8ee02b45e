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
