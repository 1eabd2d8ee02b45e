"""The memory of identity: the only room that knows MongoDB.

Organisations are the tenants themselves. Accounts, their sessions and the attempts to open them belong to a
person and not to an organisation (one person may belong to several): they are reached by the account alone.
Every method about them takes the account's id from the context, and sees nothing of another person's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chassis.running.failpoints import failpoint
from chassis.storage import outbox
from chassis.storage.mongo import COMMAND_PATIENCE_S, in_transaction
from chassis.values.context import Context
from identity.accounts import rules as account_rules
from identity.accounts.store import (
    account_from,
    document_of,
    imported_fields,
    organisation_from,
    session_document,
    session_from,
)
from identity.sessions import rules as sessions
from identity.sessions.model import Account, Bucket, Organisation, Session
from identity.throttle import rules as attempts

Document = dict[str, Any]

ATTEMPTS_KEPT = timedelta(days=1)
INDEXES = {
    "organisations": [IndexModel([("slug", ASCENDING)], unique=True)],
    "accounts": [IndexModel([("login", ASCENDING)], unique=True)],
    "sessions": [
        IndexModel([("account_id", ASCENDING), ("created_at", DESCENDING)]),
        IndexModel([("standings.membership.organisation_id", ASCENDING)]),
        IndexModel([("forget_at", ASCENDING)], expireAfterSeconds=0),
    ],
    "attempts": [IndexModel([("forget_at", ASCENDING)], expireAfterSeconds=0)],
}


class Store:
    """Organisations, accounts, sessions and counted attempts, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        for collection, indexes in INDEXES.items():
            database[collection].create_indexes(indexes)

    # ------------------------------------------------------------ organisations

    def organisation_by_slug(self, slug: str) -> Organisation | None:
        """Find the organisation that addresses call so; anybody may ask."""
        document = self.database.organisations.find_one({"slug": slug})
        return organisation_from(document) if document else None

    def organisations(self, ids: Iterable[str]) -> dict[str, Organisation]:
        """Find several organisations by id."""
        found = self.database.organisations.find({"_id": {"$in": list(ids)}})
        return {document["_id"]: organisation_from(document) for document in found}

    def keep_organisation(
        self, wanted: Organisation, event_data: Document, now: datetime, request_id: str
    ) -> bool:
        """Keep an imported organisation with its event; False if it already stands so.

        Call `show_organisation` after it, whatever it gives: an import that was cut short is repeated.
        """

        def work(session: ClientSession) -> bool:
            document = self.database.organisations.find_one({"_id": wanted.id}, session=session)
            kept = account_rules.imported_organisation(
                organisation_from(document) if document else None, wanted
            )
            if kept is None:
                return False
            self.database.organisations.replace_one(
                {"_id": kept.id}, document_of(kept), upsert=True, session=session
            )
            row = _told(kept, event_data, now, request_id)
            self.database.outbox.insert_one(row, session=session)
            failpoint("identity.organisation.inside_commit")
            return True

        failpoint("identity.organisation.before_commit")
        changed = in_transaction(self.database, work, COMMAND_PATIENCE_S)
        failpoint("identity.organisation.after_commit")
        return changed

    def tell_organisation_again(
        self, organisation: Organisation, event_data: Document, now: datetime, request_id: str
    ) -> None:
        """Tell an organisation as it stands, under the sequence it has: who has heard it lets it pass."""
        self.database.outbox.insert_one(_told(organisation, event_data, now, request_id))

    # ------------------------------------------------------------ accounts

    def account_by_login(self, login: str) -> Account | None:
        """Find who logs in so; `login` is normalised."""
        document = self.database.accounts.find_one({"login": login})
        return account_from(document) if document else None

    def accounts_by_id(self, ids: Iterable[str]) -> dict[str, Account]:
        """Find several accounts, for an import."""
        found = self.database.accounts.find({"_id": {"$in": list(ids)}})
        return {document["_id"]: account_from(document) for document in found}

    def keep_accounts(self, changed: list[Account], new: list[Account]) -> None:
        """Keep imported accounts. Call `end_outdated_sessions` after it: sessions may tell otherwise now."""
        failpoint("identity.accounts.before_write")
        writes = [
            UpdateOne({"_id": each.id}, {"$setOnInsert": document_of(each)}, upsert=True) for each in new
        ]
        writes += [UpdateOne({"_id": each.id}, {"$set": imported_fields(each)}) for each in changed]
        if writes:
            self.database.accounts.bulk_write(writes, ordered=False)
        failpoint("identity.accounts.after_write")

    def end_outdated_sessions(self, accounts: Iterable[Account]) -> int:
        """End the sessions that tell another name, role or family than these accounts; how many.

        They are found by comparing, not by what was just changed: an import that was cut short is repeated.
        """
        known = {account.id: account for account in accounts}
        found = self.database.sessions.find({"account_id": {"$in": list(known)}})
        outdated = [
            document["_id"]
            for document in found
            if sessions.is_outdated(session_from(document), known[document["account_id"]])
        ]
        ended = self.database.sessions.delete_many({"_id": {"$in": outdated}}).deleted_count
        failpoint("identity.accounts.after_sessions")
        return ended

    def keep_fresh_hash(self, account: Account, fresh_hash: str) -> None:
        """Put a password's hash with today's parameters in the place of the one that was just checked."""
        self.database.accounts.update_one(
            {"_id": account.id, "password_hash": account.password_hash},
            {"$set": {"password_hash": fresh_hash}},
        )

    def remember_device(self, account: Account, device_name: str) -> None:
        """Remember from which device the person logged in."""
        if device_name in account.known_devices:
            return
        devices = attempts.devices_with(account.known_devices, device_name)
        self.database.accounts.update_one({"_id": account.id}, {"$set": {"known_devices": list(devices)}})

    # ------------------------------------------------------------ attempts

    def count_attempt(self, bucket: Bucket, now: datetime) -> int:
        """Count an attempt as a failure in advance; give 0, or the seconds to wait when it may not be made.

        One atomic write, so that attempts sent together are counted one by one. The waits are the rule's.
        """
        waits_ms = [wait_s * 1000 for wait_s in attempts.waits_s(bucket.free_failures)]
        allowed = {"$lte": [{"$ifNull": ["$wait_until", now]}, now]}
        failures = {"$add": [{"$ifNull": ["$failures", 0]}, 1]}
        wait_ms = {"$arrayElemAt": [waits_ms, {"$min": ["$failures", len(waits_ms) - 1]}]}
        waits = {"$and": ["$allowed", {"$gt": [wait_ms, 0]}]}
        document = self.database.attempts.find_one_and_update(
            {"_id": bucket.key},
            [
                {"$set": {"allowed": allowed, "forget_at": now + ATTEMPTS_KEPT}},
                {"$set": {"failures": {"$cond": ["$allowed", failures, "$failures"]}}},
                # only a wait sets the instant: "now" would refuse whoever asked a millisecond before
                {"$set": {"wait_until": {"$cond": [waits, {"$add": [now, wait_ms]}, "$wait_until"]}}},
            ],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        if (
            document is None or document["allowed"]
        ):  # an upsert is never None, which pymongo's types can't tell
            return 0
        return max(1, -int((now - document["wait_until"]).total_seconds() // 1))

    def forgive_attempt(self, bucket: Bucket) -> None:
        """Take back one attempt that was counted in advance and turned out right, with its wait."""
        self.database.attempts.update_one(
            {"_id": bucket.key, "failures": {"$gt": 0}},
            {"$inc": {"failures": -1}, "$unset": {"wait_until": ""}},
        )

    def forget_attempts(self, bucket: Bucket) -> None:
        """Start again from none: the person knew the password."""
        self.database.attempts.delete_one({"_id": bucket.key})

    # ------------------------------------------------------------ sessions

    def open_session(self, session: Session, token_sha256: str, account: Account) -> bool:
        """Keep a new session; the oldest of the account beyond the limit end.

        False, and no session, if the account's memberships changed since it was read: whoever changes them
        ends the sessions that stand, and this one may have come just after.
        """
        self.database.sessions.insert_one(session_document(session, token_sha256))
        failpoint("identity.open_session.inside_write")
        surplus = self.database.sessions.find({"account_id": session.account_id}, {"_id": 1})
        surplus = surplus.sort([("created_at", DESCENDING), ("_id", ASCENDING)]).skip(sessions.SESSIONS_MAX)
        if tokens := [document["_id"] for document in surplus]:
            self.database.sessions.delete_many({"_id": {"$in": tokens}})
        still = self.account_by_login(account.login)
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
        change = {"organisation_id": session.organisation_id, "forget_at": sessions.expires_at(session)}
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


def _told(organisation: Organisation, data: Document, now: datetime, request_id: str) -> Document:
    return outbox.row(
        "organisation_changed",
        context_or_org=organisation.id,
        aggregate_id=organisation.id,
        sequence=organisation.sequence,
        data=data,
        occurred_at=now,
        request_id=request_id,
    )
