"""From a session to the replies that show it."""

from collections.abc import Mapping, Sequence

from chassis.storage.documents import Document
from chassis.values.instants import to_text
from identity.memberships.model import Grant
from identity.organisations.model import IdentitySettings
from identity.sessions import rules
from identity.sessions.model import Affiliation, Session


def session_view(
    session: Session, settings: IdentitySettings, family_names: Mapping[str, str], merged: Sequence[str]
) -> Document:
    """Make a session's view; written out by hand, since every call of the gateway passes here.

    `merged` are the other ids of the file of the family that is consulted.
    """
    consulted = session.consulted
    membership = consulted.membership
    return {
        "id": session.id,
        "account_id": session.account_id,
        "display_name": session.display_name,
        "login": session.login,
        "language": session.language,
        "kind": session.kind.value,
        "organisation": {
            "id": membership.organisation_id,
            "slug": consulted.slug,
            "name": consulted.name,
            "time_zone": consulted.time_zone,
        },
        "family_id": membership.family_id,
        "guardian_id": membership.guardian_id,
        "roles": list(membership.roles),
        "centre_ids": list(membership.centre_ids),
        "membership_id": membership.id,
        "merged_family_ids": list(merged),
        "grants": [_grant_view(each) for each in membership.grants],
        "memberships": [_membership_view(each, family_names) for each in session.affiliations],
        "created_at": to_text(session.created_at),
        "idle_expires_at": to_text(rules.idle_expires_at(session, settings)),
        "expires_at": to_text(rules.expires_at(session, settings)),
    }


def _membership_view(affiliation: Affiliation, family_names: Mapping[str, str]) -> Document:
    family_id = affiliation.membership.family_id
    return {
        "id": affiliation.membership.id,
        "organisation_id": affiliation.membership.organisation_id,
        "slug": affiliation.slug,
        "name": affiliation.name,
        "family_id": family_id,
        "family_name": family_names.get(family_id) if family_id else None,
        "roles": list(affiliation.membership.roles),
    }


def _grant_view(grant: Grant) -> Document:
    return {"role": grant.role, "centre_id": grant.centre_id, "cash_office_id": grant.cash_office_id}


def session_line(session: Session, current_id: str | None) -> Document:
    """Make one line of a person's list of sessions."""
    return {
        "id": session.id,
        "created_at": to_text(session.created_at),
        "last_seen_at": to_text(session.last_seen_at),
        "user_agent": session.user_agent,
        "current": session.id == current_id,
    }
