"""From a session to the replies that show it."""

from datetime import datetime
from typing import Any

from identity.sessions import rules
from identity.sessions.model import Session, Standing


def instant(value: datetime) -> str:
    """Write an instant in UTC as the wire does."""
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def session_view(session: Session) -> dict[str, Any]:
    """Make a session's view; written out by hand, since every call of the gateway passes here."""
    standing = session.standing
    membership = standing.membership
    return {
        "id": session.id,
        "account_id": session.account_id,
        "display_name": session.display_name,
        "login": session.login,
        "language": session.language,
        "kind": session.kind.value,
        "organisation": {
            "id": membership.organisation_id,
            "slug": standing.slug,
            "name": standing.name,
            "time_zone": standing.time_zone,
        },
        "family_id": membership.family_id,
        "guardian_id": membership.guardian_id,
        "roles": list(membership.roles),
        "centre_ids": list(membership.centre_ids),
        "memberships": [_membership_view(each) for each in session.standings],
        "created_at": instant(session.created_at),
        "idle_expires_at": instant(rules.idle_expires_at(session)),
        "expires_at": instant(rules.expires_at(session)),
    }


def _membership_view(standing: Standing) -> dict[str, Any]:
    return {
        "organisation_id": standing.membership.organisation_id,
        "slug": standing.slug,
        "name": standing.name,
        "family_id": standing.membership.family_id,
        "roles": list(standing.membership.roles),
    }


def session_line(session: Session, current_id: str | None) -> dict[str, Any]:
    """Make one line of a person's list of sessions."""
    return {
        "id": session.id,
        "created_at": instant(session.created_at),
        "last_seen_at": instant(session.last_seen_at),
        "user_agent": session.user_agent,
        "current": session.id == current_id,
    }
