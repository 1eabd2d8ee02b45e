"""How long a session lives and which organisation it consults. The table is in docs/rules/sessions.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from identity.accounts.model import Account
from identity.organisations.model import Organisation
from identity.sessions.model import Session, SessionKind, Standing

SESSIONS_MAX = 10
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """A session ends after `idle` without a call, and after `absolute` in any case."""

    idle: timedelta
    absolute: timedelta


LIMITS = {
    SessionKind.FAMILY: Limits(timedelta(minutes=30), timedelta(hours=12)),
    SessionKind.STAFF: Limits(timedelta(minutes=15), timedelta(hours=8)),
}


def expires_at(session: Session) -> datetime:
    """Give the instant after which the session is over, however busy its person is."""
    return session.created_at + LIMITS[session.kind].absolute


def idle_expires_at(session: Session) -> datetime:
    """Give the instant after which the session is over when no further call comes."""
    return min(session.last_seen_at + LIMITS[session.kind].idle, expires_at(session))


def is_live(session: Session, now: datetime) -> bool:
    """Tell whether the session still counts; at the very instant of its end it does not."""
    return now < idle_expires_at(session)


def is_touch_due(session: Session, now: datetime) -> bool:
    """Tell whether this call should be written down: at most one a minute is, since writes cost."""
    return now - session.last_seen_at >= TOUCH_EVERY


def is_outdated(session: Session, account: Account) -> bool:
    """Tell whether the session shows its person otherwise than their account now does."""
    shown = (session.login, session.display_name, session.language)
    belongs = tuple(standing.membership for standing in session.standings)
    now = (account.login, account.display_name, account.language)
    return (shown, belongs) != (now, account.memberships)


def consulting(session: Session, organisation_id: str) -> Session | None:
    """Give the session as it consults another organisation of its person, or None if there is no such one."""
    if all(standing.membership.organisation_id != organisation_id for standing in session.standings):
        return None
    return replace(session, organisation_id=organisation_id)


def first_organisation(standings: Sequence[Standing], asked: str | None) -> str | None:
    """Choose what a new session consults: the organisation of the login page, else the first."""
    ids = [standing.membership.organisation_id for standing in standings]
    if asked in ids:
        return asked
    return ids[0] if ids else None


def touched(session: Session, now: datetime) -> Session:
    """Give the session as it stands after a call that was written down."""
    return replace(session, last_seen_at=now)


def standings_of(account: Account, organisations: Mapping[str, Organisation]) -> tuple[Standing, ...]:
    """Join an account's memberships with their organisations, leaving out those that are unknown."""
    return tuple(
        Standing(membership, organisation.slug, organisation.name, organisation.time_zone)
        for membership in account.memberships
        if (organisation := organisations.get(membership.organisation_id))
    )
