"""The memory of identity: the only room that knows MongoDB.

Organisations are the tenants themselves. Accounts, their sessions and the attempts to open them belong to a
person and not to an organisation (one person may belong to several): they are reached by the account alone.
Every method about them takes the account's id from the context, and sees nothing of another person's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chassis import outbox
from chassis.context import Context
from chassis.mongo import in_transaction
from identity.model import Account, Announcement, Bucket, Membership, Organisation, Session, Standing
from identity.rules import accounts as account_rules
from identity.rules import attempts, sessions

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
        return _organisation(document) if document else None

    def organisations(self, ids: Iterable[str]) -> dict[str, Organisation]:
        """Find several organisations by id."""
        found = self.database.organisations.find({"_id": {"$in": list(ids)}})
        return {document["_id"]: _organisation(document) for document in found}

    def keep_organisation(
        self, wanted: Organisation, event_data: Document, now: datetime, request_id: str
    ) -> bool:
        """Keep an imported organisation with its event; False if it already stands so."""

        def work(session: ClientSession) -> bool:
            document = self.database.organisations.find_one({"_id": wanted.id}, session=session)
            kept = account_rules.imported_organisation(_organisation(document) if document else None, wanted)
            if kept is None:
                return False
            self.database.organisations.replace_one(
                {"_id": kept.id}, _document(kept), upsert=True, session=session
            )
            row = outbox.row(
                "organisation_changed",
                context_or_org=kept.id,
                aggregate_id=kept.id,
                sequence=kept.sequence,
                data=event_data,
                occurred_at=now,
                request_id=request_id,
            )
            self.database.outbox.insert_one(row, session=session)
            return True

        changed = in_transaction(self.database, work)
        # Sessions show the organisation's name; they follow at once, and again if this was cut short.
        self.database.sessions.update_many(
            {"standings.membership.organisation_id": wanted.id},
            {
                "$set": {
                    f"standings.$[of].{name}": getattr(wanted, name) for name in ("slug", "name", "time_zone")
                }
            },
            array_filters=[{"of.membership.organisation_id": wanted.id}],
        )
        return changed

    # ------------------------------------------------------------ accounts

    def account_by_login(self, login: str) -> Account | None:
        """Find who logs in so; `login` is normalised."""
        document = self.database.accounts.find_one({"login": login})
        return _account(document) if document else None

    def accounts_by_id(self, ids: Iterable[str]) -> dict[str, Account]:
        """Find several accounts, for an import."""
        found = self.database.accounts.find({"_id": {"$in": list(ids)}})
        return {document["_id"]: _account(document) for document in found}

    def keep_accounts(self, changed: list[Account], new: list[Account]) -> None:
        """Keep imported accounts; the sessions of changed ones end, for they tell roles and families."""
        writes = [UpdateOne({"_id": each.id}, {"$setOnInsert": _document(each)}, upsert=True) for each in new]
        writes += [UpdateOne({"_id": each.id}, {"$set": _imported(each)}) for each in changed]
        if writes:
            self.database.accounts.bulk_write(writes, ordered=False)
        if changed:
            self.database.sessions.delete_many({"account_id": {"$in": [account.id for account in changed]}})

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
        self.database.sessions.insert_one(_session_document(session, token_sha256))
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
        return _session(document) if document else None

    def touch_session(self, token_sha256: str, session: Session, now: datetime) -> None:
        """Write down that the person is there, unless another copy of the service just did."""
        self.database.sessions.update_one(
            {"_id": token_sha256, "last_seen_at": session.last_seen_at}, {"$set": {"last_seen_at": now}}
        )

    def sessions(self, context: Context) -> list[Session]:
        """List the sessions of the person who asks, the latest first."""
        found = self.database.sessions.find({"account_id": context.account_id})
        return [
            _session(document) for document in found.sort([("created_at", DESCENDING), ("_id", ASCENDING)])
        ]

    def close_session(self, context: Context, session_id: str | None) -> int:
        """End one session of the person who asks; how many ended (0 or 1)."""
        found = {"account_id": context.account_id, "id": session_id}
        return self.database.sessions.delete_one(found).deleted_count

    def consult(self, context: Context, session: Session) -> bool:
        """Keep which organisation a session of the person who asks consults; False if it has ended."""
        found = {"account_id": context.account_id, "id": session.id}
        change = {"organisation_id": session.organisation_id, "forget_at": sessions.expires_at(session)}
        return self.database.sessions.update_one(found, {"$set": change}).matched_count == 1


def _document(thing: Organisation | Account) -> Document:
    document = asdict(thing)
    return {"_id": document.pop("id"), **document}


def _imported(account: Account) -> Document:
    """Give what an import may change; password and devices may change under it, by the person's own hand."""
    document = _document(account)
    return {name: document[name] for name in ("first_name", "last_name", "language", "memberships")}


def _organisation(document: Mapping[str, Any]) -> Organisation:
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


def _account(document: Mapping[str, Any]) -> Account:
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


def _session_document(session: Session, token_sha256: str) -> Document:
    document = asdict(session)
    return {"_id": token_sha256, **document, "forget_at": sessions.expires_at(session)}


def _session(document: Mapping[str, Any]) -> Session:
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
