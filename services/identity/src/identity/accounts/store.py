"""The memory of accounts. They belong to a person and not to an organisation: one may belong to several."""

from collections.abc import Callable, Iterable

from pymongo import ASCENDING, IndexModel, ReturnDocument, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chassis.running.failpoints import failpoint
from chassis.storage.documents import KEY, SCHEMA_VERSION, Document, Form, Mapper
from chassis.storage.migrations.plan import BATCH
from chassis.storage.mongo import COMMAND_PATIENCE_S, in_transaction
from identity.accounts.model import Account
from identity.memberships.store import FORMS, second_form
from identity.throttle import rules as throttle
from identity.throttle.model import Device

UPGRADED_FROM = ("memberships", "more_memberships")
INDEXES = [IndexModel([("login", ASCENDING)], unique=True)]


def upgraded(document: Document) -> Document:
    """Return an account of the first version as the second has it: its memberships one by one."""
    more = document.get("more_memberships", [])
    return {**document, "memberships": second_form(document["_id"], document["memberships"], more)}


MAPPER = Mapper(
    Form(Account, names=KEY, sparse={"language_sequence"}, version=2, upgrades={1: upgraded}), *FORMS
)


class AccountStore:
    """Accounts, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.accounts.create_indexes(INDEXES)

    def account_by_login(self, login: str, former: str | None = None) -> Account | None:
        """Find who logs in so; `login` is normalised, `former` is how the release before did that."""
        found = self.database.accounts.find({"login": {"$in": [login, former or login]}})
        documents = {document["login"]: document for document in found}
        document = documents.get(login) or documents.get(former or login)
        return account_from(document) if document else None

    def accounts_by_id(self, ids: Iterable[str]) -> dict[str, Account]:
        """Find several accounts, for an import."""
        found = self.database.accounts.find({"_id": {"$in": list(ids)}})
        return {document["_id"]: account_from(document) for document in found}

    def keep_accounts(
        self, changed: list[Account], new: list[Account], told: Iterable[Document] = ()
    ) -> None:
        """Keep imported accounts with the events that tell their languages.

        Call `end_outdated_sessions` after it: sessions may tell otherwise now.
        """
        failpoint("identity.accounts.before_write")
        writes = [
            UpdateOne({"_id": each.id}, {"$setOnInsert": document_of(each)}, upsert=True) for each in new
        ]
        writes += [UpdateOne({"_id": each.id}, {"$set": imported_fields(each)}) for each in changed]
        rows = list(told)

        def work(session: ClientSession) -> None:
            self.database.accounts.bulk_write(writes, ordered=False, session=session)
            if rows:
                self.database.outbox.insert_many(rows, session=session)

        if writes:
            in_transaction(self.database, work, COMMAND_PATIENCE_S)
        failpoint("identity.accounts.after_write")

    def choose_language(
        self, account_id: str, language: str, told: Callable[[Account], list[Document]]
    ) -> Account | None:
        """Keep the language that a person chose, for their sessions too, and tell it; None for nobody."""

        def work(session: ClientSession) -> Account | None:
            chosen = {"$set": {"language": language}, "$inc": {"language_sequence": 1}}
            document = self.database.accounts.find_one_and_update(
                {"_id": account_id}, chosen, return_document=ReturnDocument.AFTER, session=session
            )
            if document is None:
                return None
            account = account_from(document)
            shown = {"$set": {"language": language}}
            self.database.sessions.update_many({"account_id": account_id}, shown, session=session)
            if rows := told(account):
                self.database.outbox.insert_many(rows, session=session)
            return account

        return in_transaction(self.database, work)

    def guardians(self, organisation_id: str | None) -> list[Account]:
        """Return the accounts that are somebody's guardian, in one organisation or in any."""
        found = {"memberships.organisation_id": organisation_id} if organisation_id else {}
        return [account_from(each) for each in self.database.accounts.find(found)]

    def republish(self, rows: list[Document]) -> None:
        """Tell languages as they stand, under the sequences that they have."""
        if rows:
            self.database.outbox.insert_many(rows)

    def keep_fresh_hash(self, account: Account, fresh_hash: str) -> None:
        """Put a password's hash with today's parameters in the place of the one that was just checked."""
        self.database.accounts.update_one(
            {"_id": account.id, "password_hash": account.password_hash},
            {"$set": {"password_hash": fresh_hash}},
        )

    def remember_device(self, account: Account, device: Device) -> None:
        """Remember from which device the person logged in, and when; of more than ten the latest ones."""
        accounts, sha256 = self.database.accounts, device.sha256
        again = {"$set": {"devices.$.logged_in_at": device.logged_in_at}}
        if accounts.update_one({"_id": account.id, "devices.sha256": sha256}, again).matched_count:
            return
        latest = {"$sort": {"logged_in_at": 1}, "$slice": -throttle.DEVICES_MAX}
        accounts.update_one(
            {"_id": account.id, "devices.sha256": {"$ne": sha256}},
            {"$push": {"devices": {"$each": [MAPPER.to_document(device)], **latest}}},
        )


def document_of(account: Account) -> Document:
    """Lay an account out."""
    return MAPPER.to_document(account)


def upgrade_some(database: Database[Document]) -> int:
    """Bring some of the accounts that are of the first version to the second; how many were found.

    A step of a migration. An account whose memberships an import changes meanwhile is left for the next step.
    """
    left = {SCHEMA_VERSION: {"$not": {"$gte": 2}}}
    found = list(database.accounts.find(left).limit(BATCH))
    writes = [
        UpdateOne(
            {"_id": each["_id"], **left, **{name: each.get(name) for name in UPGRADED_FROM}},
            {"$set": {"memberships": upgraded(each)["memberships"], SCHEMA_VERSION: 2}},
        )
        for each in found
    ]
    if writes:
        database.accounts.bulk_write(writes, ordered=False)
    return len(found)


def imported_fields(account: Account) -> Document:
    """Return what an import may change; password, language and devices are for the person's hand alone.

    The version stands there too: what is written over may be of the first, by the release before.
    """
    document = document_of(account)
    named = ("first_name", "last_name", "memberships", SCHEMA_VERSION)
    return {name: document[name] for name in named}


def account_from(document: Document) -> Account:
    """Read an account of either version."""
    return MAPPER.from_document(Account, document)
