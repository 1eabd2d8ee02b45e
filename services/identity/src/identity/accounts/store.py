"""How organisations, accounts and sessions lie in the database."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from identity.sessions import rules as sessions
from identity.sessions.model import Account, Announcement, Membership, Organisation, Session, Standing

Document = dict[str, Any]


def document_of(thing: Organisation | Account) -> Document:
    """Lay an organisation or an account out."""
    document = asdict(thing)
    return {"_id": document.pop("id"), **document}


def imported_fields(account: Account) -> Document:
    """Give what an import may change; password and devices may change under it, by the person's own hand."""
    document = document_of(account)
    return {name: document[name] for name in ("first_name", "last_name", "language", "memberships")}


def organisation_from(document: Mapping[str, Any]) -> Organisation:
    """Read an organisation."""
    return Organisation(
        id=document["_id"],
        slug=document["slug"],
        name=document["name"],
        time_zone=document["time_zone"],
        language=document["language"],
        announcements=tuple(Announcement(**each) for each in document["announcements"]),
        sequence=document["sequence"],
    )


def _membership(document: Mapping[str, Any]) -> Membership:
    return Membership(
        organisation_id=document["organisation_id"],
        family_id=document["family_id"],
        guardian_id=document["guardian_id"],
        roles=tuple(document["roles"]),
        centre_ids=tuple(document["centre_ids"]),
    )


def account_from(document: Mapping[str, Any]) -> Account:
    """Read an account."""
    return Account(
        id=document["_id"],
        login=document["login"],
        first_name=document["first_name"],
        last_name=document["last_name"],
        language=document["language"],
        password_hash=document["password_hash"],
        memberships=tuple(_membership(each) for each in document["memberships"]),
        known_devices=tuple(document["known_devices"]),
    )


def session_document(session: Session, token_sha256: str) -> Document:
    """Lay a session out under the hash of its token."""
    document = asdict(session)
    return {"_id": token_sha256, **document, "forget_at": sessions.expires_at(session)}


def session_from(document: Mapping[str, Any]) -> Session:
    """Read a session."""
    standings = tuple(
        Standing(_membership(each["membership"]), each["slug"], each["name"], each["time_zone"])
        for each in document["standings"]
    )
    return Session(
        id=document["id"],
        account_id=document["account_id"],
        login=document["login"],
        display_name=document["display_name"],
        language=document["language"],
        standings=standings,
        organisation_id=document["organisation_id"],
        user_agent=document["user_agent"],
        created_at=document["created_at"],
        last_seen_at=document["last_seen_at"],
    )
