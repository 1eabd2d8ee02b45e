"""How long a session lives and which organisation it consults. The table is in docs/rules/sessions.md."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from identity.accounts.model import Account
from identity.organisations.model import IdentitySettings, Organisation
from identity.sessions.model import Affiliation, Session, SessionKind

SESSIONS_MAX = 10
TOUCH_EVERY = timedelta(minutes=1)
UNCLAIMED_MAX = timedelta(minutes=2)
"""How long a session waits for the first use of its token."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A session ends after `idle` without a call, and after `absolute` in any case."""

    idle: timedelta
    absolute: timedelta


@lru_cache(maxsize=1_000)  # as many as there may be organisations; a look at one session asks five times
def limits_of(settings: IdentitySettings, kind: SessionKind) -> Limits:
    """Return the limits of a kind of session, as the organisation that it consults decided."""
    if kind is SessionKind.STAFF:
        idle, absolute = settings.staff_idle_minutes, settings.staff_absolute_hours
    else:
        idle, absolute = settings.family_idle_minutes, settings.family_absolute_hours
    return Limits(timedelta(minutes=idle), timedelta(hours=absolute))


def expires_at(session: Session, settings: IdentitySettings) -> datetime:
    """Return the instant after which the session is over, however busy its person is."""
    return session.created_at + limits_of(settings, session.kind).absolute


def idle_expires_at(session: Session, settings: IdentitySettings) -> datetime:
    """Return the instant after which the session is over when no further call comes."""
    idle = UNCLAIMED_MAX if is_unclaimed(session) else limits_of(settings, session.kind).idle
    return min(session.last_seen_at + idle, expires_at(session, settings))


def is_live(session: Session, settings: IdentitySettings, now: datetime) -> bool:
    """Return whether the session still counts; at the very instant of its end it does not."""
    return now < idle_expires_at(session, settings)


def is_unclaimed(session: Session) -> bool:
    """Return whether no call has come with the session's token yet.

    The release before writes down when a session was seen, and does not know of claims.
    """
    return not session.is_claimed and session.last_seen_at == session.created_at


def is_touch_due(session: Session, now: datetime) -> bool:
    """Return whether this call should be written down: the first, then one a minute, since writes cost."""
    return is_unclaimed(session) or now - session.last_seen_at >= TOUCH_EVERY


def surplus(standing: Mapping[str, Session], now: datetime) -> list[str]:
    """Return the keys of the sessions of one account that end when another one is opened.

    They are those whose tokens never reached anybody, and of the others the oldest beyond the limit.
    """
    lost = [
        key for key, each in standing.items() if is_unclaimed(each) and now - each.created_at >= UNCLAIMED_MAX
    ]
    left = sorted(standing.keys() - lost, key=lambda key: (standing[key].created_at, key), reverse=True)
    return [*lost, *left[SESSIONS_MAX:]]


def is_outdated(session: Session, account: Account) -> bool:
    """Return whether the session shows its person otherwise than their account now does."""
    shown = (session.login, session.display_name, session.language)
    belongs = tuple(each.membership for each in session.affiliations)
    now = (account.login, account.display_name, account.language)
    return (shown, belongs) != (now, account.memberships)


def consulting(session: Session, organisation_id: str, membership_id: str | None) -> Session | None:
    """Return the session as it consults another membership, or None if the person has no such one.

    Without `membership_id` it is the first one in the organisation.
    """
    there = [
        each.membership.id
        for each in session.affiliations
        if each.membership.organisation_id == organisation_id and membership_id in {None, each.membership.id}
    ]
    return replace(session, membership_id=there[0]) if there else None


def families_to_name(session: Session) -> list[str]:
    """Return the families by whose names memberships of one organisation are told apart."""
    memberships = [each.membership for each in session.affiliations]
    count = Counter(each.organisation_id for each in memberships)
    return [each.family_id for each in memberships if each.family_id and count[each.organisation_id] > 1]


def first_membership(affiliations: Sequence[Affiliation], organisation_id: str | None) -> str | None:
    """Choose what a new session consults: the first membership where the login page is, else the first."""
    memberships = [each.membership for each in affiliations]
    there = [each for each in memberships if each.organisation_id == organisation_id]
    return next((each.id for each in (*there, *memberships)), None)


def touched(session: Session, now: datetime) -> Session:
    """Return the session as it stands after a call that was written down."""
    return replace(session, last_seen_at=now, is_claimed=True)


def affiliations_of(account: Account, organisations: Mapping[str, Organisation]) -> tuple[Affiliation, ...]:
    """Join an account's memberships with their organisations, leaving out those that are unknown."""
    return tuple(
        Affiliation(membership, organisation.slug, organisation.name, organisation.time_zone)
        for membership in account.memberships
        if (organisation := organisations.get(membership.organisation_id))
    )
