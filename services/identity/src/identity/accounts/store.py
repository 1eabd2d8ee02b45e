"""The memory of accounts. They belong to a person and not to an organisation: one may belong to several."""

from collections.abc import Iterable

from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.database import Database

from chassis.running.failpoints import failpoint
from chassis.storage.documents import KEY, SCHEMA_VERSION, Document, Form, Mapper
from identity.accounts.model import Account
from identity.memberships.store import FORMS, entries_of, more_of, second_form
from identity.throttle import rules as throttle

MAPPER = Mapper(Form(Account, names=KEY, unwritten={"memberships"}))
INDEXES = [IndexModel([("login", ASCENDING)], unique=True)]


def upgraded(document: Document) -> Document:
    """Return an account of the first version as the second has it: its memberships one by one."""
    more = document.get("more_memberships", [])
    return {**document, "memberships": second_form(document["_id"], document["memberships"], more)}


READER = Mapper(Form(Account, names=KEY, version=2, upgrades={1: upgraded}), *FORMS)


class AccountStore:
    """Accounts, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.accounts.create_indexes(INDEXES)

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
        devices = throttle.devices_with(account.known_devices, device_name)
        self.database.accounts.update_one({"_id": account.id}, {"$set": {"known_devices": list(devices)}})


def document_of(account: Account) -> Document:
    """Lay an account out."""
    written = MAPPER.to_document(account)
    more = more_of(account.memberships)
    return {
        **written,
        "memberships": entries_of(account.memberships),
        **({"more_memberships": more} if more else {}),
    }


def imported_fields(account: Account) -> Document:
    """Return what an import may change; password and devices are for the person's own hand alone.

    The version stands there too: what is written over may be of the second, by the next release.
    """
    document = document_of(account)
    named = ("first_name", "last_name", "language", "memberships")
    fields = {name: document[name] for name in named}
    return {**fields, "more_memberships": more_of(account.memberships), SCHEMA_VERSION: 1}


def account_from(document: Document) -> Account:
    """Read an account of either version."""
    return READER.from_document(Account, document)
