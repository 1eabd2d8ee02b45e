"""The memory of sessions, which belong to a person and not to an organisation: the account leads to them.

Every method about a person's own takes the account's id from the context, and sees nothing of another's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database

from chassis.running.failpoints import failpoint
from chassis.values.context import Context
from identity.accounts.model import Account
from identity.accounts.store import AccountStore
from identity.memberships.store import membership_from
from identity.organisations.model import Organisation
from identity.sessions import rules
from identity.sessions.model import Session, Standing

Document = dict[str, Any]

INDEXES = [
    IndexModel([("account_id", ASCENDING), ("created_at", DESCENDING)]),
    IndexModel([("standings.membership.organisation_id", ASCENDING)]),
    IndexModel([("forget_at", ASCENDING)], expireAfterSeconds=0),
]


class SessionStore:
    """Sessions, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.sessions.create_indexes(INDEXES)

    def open_session(self, session: Session, token_sha256: str, account: Account) -> bool:
        """Keep a new session; the oldest of the account beyond the limit end.

        False, and no session, if the account's memberships changed since it was read: whoever changes them
        ends the sessions that stand, and this one may have come just after.
        """
        self.database.sessions.insert_one(session_document(session, token_sha256))
        failpoint("identity.open_session.inside_write")
        surplus = self.database.sessions.find({"account_id": session.account_id}, {"_id": 1})
        surplus = surplus.sort([("created_at", DESCENDING), ("_id", ASCENDING)]).skip(rules.SESSIONS_MAX)
        if tokens := [document["_id"] for document in surplus]:
            self.database.sessions.delete_many({"_id": {"$in": tokens}})
        still = AccountStore(self.database).account_by_login(account.login)
        if still is not None and still.memberships == account.memberships:
            return True
        self.database.sessions.delete_one({"_id": token_sha256})
        return False

    def session_by_token(self, token_sha256: str) -> Session | None:
        """Find a session by its token's hash: one look at the primary key, for this is asked all the time."""
        document = self.database.sessions.find_one({"_id": token_sha256})
        return session_from(document) if document else None

    def touch_session(self, token_sha256: str, session: Session, now: datetime) -> None:
        """Write down that the person is there, unless another copy of the service just did."""
        self.database.sessions.update_one(
            {"_id": token_sha256, "last_seen_at": session.last_seen_at}, {"$set": {"last_seen_at": now}}
        )

    def sessions(self, context: Context) -> list[Session]:
        """List the sessions of the person who asks, the latest first."""
        found = self.database.sessions.find({"account_id": context.account_id})
        return [
            session_from(document)
            for document in found.sort([("created_at", DESCENDING), ("_id", ASCENDING)])
        ]

    def close_session(self, context: Context, session_id: str | None) -> int:
        """End one session of the person who asks; how many ended (0 or 1)."""
        found = {"account_id": context.account_id, "id": session_id}
        failpoint("identity.close_session.before_write")
        closed = self.database.sessions.delete_one(found).deleted_count
        failpoint("identity.close_session.after_write")
        return closed

    def consult(self, context: Context, session: Session) -> bool:
        """Keep which organisation a session of the person who asks consults; False if it has ended."""
        found = {"account_id": context.account_id, "id": session.id}
        change = {"organisation_id": session.organisation_id, "forget_at": rules.expires_at(session)}
        failpoint("identity.switch_organisation.before_write")
        kept = self.database.sessions.update_one(found, {"$set": change}).matched_count == 1
        failpoint("identity.switch_organisation.after_write")
        return kept

    def show_organisation(self, organisation: Organisation) -> None:
        """Have the sessions show an organisation as it is called and placed now."""
        self.database.sessions.update_many(
            {"standings.membership.organisation_id": organisation.id},
            {
                "$set": {
                    f"standings.$[of].{name}": getattr(organisation, name)
                    for name in ("slug", "name", "time_zone")
                }
            },
            array_filters=[{"of.membership.organisation_id": organisation.id}],
        )

    def end_outdated_sessions(self, accounts: Iterable[Account]) -> int:
        """End the sessions that tell another name, role or family than these accounts; how many.

        They are found by comparing, not by what was just changed: an import that was cut short is repeated.
        """
        known = {account.id: account for account in accounts}
        found = self.database.sessions.find({"account_id": {"$in": list(known)}})
        outdated = [
            document["_id"]
            for document in found
            if rules.is_outdated(session_from(document), known[document["account_id"]])
        ]
        ended = self.database.sessions.delete_many({"_id": {"$in": outdated}}).deleted_count
        failpoint("identity.accounts.after_sessions")
        return ended


def session_document(session: Session, token_sha256: str) -> Document:
    """Lay a session out under the hash of its token."""
    document = asdict(session)
    return {"_id": token_sha256, **document, "forget_at": rules.expires_at(session)}


def session_from(document: Mapping[str, Any]) -> Session:
    """Read a session."""
    standings = tuple(
        Standing(membership_from(each["membership"]), each["slug"], each["name"], each["time_zone"])
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
