"""The memory of sessions, which belong to a person and not to an organisation: the account leads to them.

Every method about a person's own takes the account's id, which doors take from the context, and sees
nothing of another's.
"""

from collections.abc import Iterable
from datetime import datetime

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database

from chassis.running.failpoints import failpoint
from chassis.storage.documents import Document, Form, Mapper
from identity.accounts.model import Account
from identity.accounts.store import AccountStore
from identity.memberships.store import FORMS, second_form
from identity.organisations.model import Organisation
from identity.sessions import rules
from identity.sessions.model import Session

SHOWN = ("slug", "name", "time_zone")
INDEXES = [
    IndexModel([("account_id", ASCENDING), ("created_at", DESCENDING)]),
    IndexModel([("standings.membership.organisation_id", ASCENDING)]),
    IndexModel([("affiliations.membership.organisation_id", ASCENDING)]),
    IndexModel([("forget_at", ASCENDING)], expireAfterSeconds=0),
]


def upgraded(document: Document) -> Document:
    """Return a session of the first version as the second has it: its affiliations one by one.

    The release before knows organisations alone: where it opened a session, or had it consult another one,
    the first membership there is consulted.
    """
    shown = {each["membership"]["organisation_id"]: each for each in document["standings"]}
    entries = [each["membership"] for each in document["standings"]]
    memberships = second_form(document["account_id"], entries, document.get("more_memberships", []))
    there = [each["id"] for each in memberships if each["organisation_id"] == document["organisation_id"]]
    consulted = document.get("membership_id")
    affiliations = [{"membership": each, **_facts(shown[each["organisation_id"]])} for each in memberships]
    return {
        **document,
        "affiliations": affiliations,
        "membership_id": consulted if consulted in there else there[0],
    }


MAPPER = Mapper(Form(Session, version=2, upgrades={1: upgraded}), *FORMS)


class SessionStore:
    """Sessions, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.sessions.create_indexes(INDEXES)

    def open_session(
        self, session: Session, token_sha256: str, account: Account, forget_at: datetime
    ) -> bool:
        """Keep a new session; those of the account that are in its way end.

        False, and no session, if the account's memberships changed since it was read: whoever changes them
        ends the sessions that stand, and this one may have come just after.
        """
        self.database.sessions.insert_one(session_document(session, token_sha256, forget_at))
        failpoint("identity.open_session.inside_write")
        found = self.database.sessions.find({"account_id": session.account_id})
        standing = {document["_id"]: session_from(document) for document in found}
        if tokens := rules.surplus(standing, session.created_at):
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
            {"_id": token_sha256, "last_seen_at": session.last_seen_at},
            {"$set": {"last_seen_at": now, "is_claimed": True}},
        )

    def sessions(self, account_id: str) -> list[Session]:
        """List the sessions of the person who asks, the latest first."""
        found = self.database.sessions.find({"account_id": account_id})
        return [
            session_from(document)
            for document in found.sort([("created_at", DESCENDING), ("_id", ASCENDING)])
        ]

    def close_session(self, account_id: str, session_id: str | None) -> int:
        """End one session of the person who asks; how many ended (0 or 1)."""
        found = {"account_id": account_id, "id": session_id}
        failpoint("identity.close_session.before_write")
        closed = self.database.sessions.delete_one(found).deleted_count
        failpoint("identity.close_session.after_write")
        return closed

    def consult(self, account_id: str, session: Session, forget_at: datetime) -> bool:
        """Keep which membership a session of the account consults; False if it has ended.

        The organisation is for sessions that the release before opened, which tell by it who switched them.
        """
        found = {"account_id": account_id, "id": session.id}
        change = {
            "membership_id": session.membership_id,
            "organisation_id": session.consulted.membership.organisation_id,
            "forget_at": forget_at,
        }
        failpoint("identity.switch_organisation.before_write")
        kept = self.database.sessions.update_one(found, {"$set": change}).matched_count == 1
        failpoint("identity.switch_organisation.after_write")
        return kept

    def show_organisation(self, organisation: Organisation) -> None:
        """Have the sessions, of either version, show an organisation as it is called and placed now."""
        for listed in ("standings", "affiliations"):
            self.database.sessions.update_many(
                {f"{listed}.membership.organisation_id": organisation.id},
                {"$set": {f"{listed}.$[of].{name}": getattr(organisation, name) for name in SHOWN}},
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


def session_document(session: Session, token_sha256: str, forget_at: datetime) -> Document:
    """Lay a session out under the hash of its token; the database forgets it at `forget_at`."""
    return {"_id": token_sha256, **MAPPER.to_document(session), "forget_at": forget_at}


def session_from(document: Document) -> Session:
    """Read a session of either version."""
    return MAPPER.from_document(Session, document)


def _facts(standing: Document) -> Document:
    return {name: standing[name] for name in SHOWN}
