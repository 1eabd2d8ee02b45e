"""The journal and the accounts it moves: an entry is written once, each account by one conditional update."""

from collections.abc import Mapping

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession

from billing.ledger.model import AccountKind, JournalEntry, LedgerAccount
from billing.ledger.rules import FLOORS_CENTS, balanced, content_sha256, stored_moves
from billing.ledger.store.transactions import Stamp, committed
from billing.vocabulary import Document, key
from chassis.running.failpoints import failpoint
from chassis.storage.mongo import Db
from chassis.values.errors import Refused
from chassis.values.scope import Scope


class FloorReachedError(Exception):
    """A posting would take an account below its floor, or give back more than was charged."""


class LedgerStore:
    """The `journal`, and the `accounts` of families; those of bank and revenue are only ever summed up."""

    def __init__(self, database: Db) -> None:
        self._database = database
        self._journal = database["journal"]
        self._accounts = database["accounts"]

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes."""
        of_family = [("organisation_id", 1), ("family_id", 1)]
        database["accounts"].create_index([*of_family, ("wallet_id", 1)], name="accounts_of_family")
        database["journal"].create_index([*of_family, ("posted_at", 1)], name="journal_of_family")

    def post(
        self,
        scope: Scope,
        entry: JournalEntry,
        stamp: Stamp,
        floors_cents: Mapping[LedgerAccount, int] | None = None,
    ) -> bool:
        """Post an entry that has no other effect; False when it was posted before.

        `floors_cents` are those of accounts that may fall lower than others of their kind; they are kept with
        the accounts. Refused("conflict"): its id says something else. FloorReachedError: an account does not
        hold what the entry takes.
        """

        def work(session: ClientSession) -> bool:
            if self._known(scope, entry, session):
                return False
            for account, floor_cents in (floors_cents or {}).items():
                self._set_floor(session, scope, account, floor_cents)
            self.write(session, scope, entry, stamp)
            failpoint("billing.post.inside_commit")
            return True

        return committed(self._database, work)

    def write(self, session: ClientSession, scope: Scope, entry: JournalEntry, stamp: Stamp) -> None:
        """Write one entry and move its accounts, each by one update that its floor may refuse."""
        if not balanced(entry):
            raise ValueError(f"the entry {entry.id} does not sum to zero inside one cash office")
        versions = {
            account.name: self._move(session, scope, account, cents)
            for account, cents in stored_moves(entry.legs)
        }
        self._journal.insert_one(
            {
                "_id": key(scope.organisation_id, entry.id),
                "organisation_id": scope.organisation_id,
                "id": entry.id,
                "kind": entry.kind.value,
                "family_id": entry.family_id,
                "cash_office_id": entry.cash_office_id,
                "legs": [{"account": leg.account.name, "cents": leg.cents} for leg in entry.legs],
                "about": entry.about,
                "uses": [list(use) for use in entry.uses],
                # The place of this entry in the life of each account: a replay needs no clock.
                "versions": [[name, version] for name, version in versions.items()],
                "content_sha256": content_sha256(entry),
                "posted_at": stamp.at,
                "actor": stamp.actor.as_document(),
            },
            session=session,
        )

    def balance_cents(self, scope: Scope, account: LedgerAccount) -> int:
        """Return what a family's account holds; zero where nothing was ever posted."""
        found = self._accounts.find_one({"_id": key(scope.organisation_id, account.name)})
        return int(found["balance_cents"]) if found else 0

    def balances(self, scope: Scope, family_id: str) -> dict[str, dict[AccountKind, int]]:
        """Return the balances of a family's wallets in cents, by wallet id and kind of account.

        Each id of the family's file has accounts of its own; shown is what they come to.
        """
        file = {"organisation_id": scope.organisation_id, "family_id": {"$in": scope.file_of(family_id)}}
        balances: dict[str, dict[AccountKind, int]] = {}
        for each in self._accounts.find({**file, "wallet_id": {"$gt": ""}}):
            wallet, kind = balances.setdefault(each["wallet_id"], {}), AccountKind(each["kind"])
            wallet[kind] = wallet.get(kind, 0) + each["balance_cents"]
        return balances

    def _known(self, scope: Scope, entry: JournalEntry, session: ClientSession) -> bool:
        found = self._journal.find_one({"_id": key(scope.organisation_id, entry.id)}, session=session)
        if found and found["content_sha256"] != content_sha256(entry):
            raise Refused("conflict", f"the entry {entry.id} was posted with another content")
        return found is not None

    def _set_floor(
        self, session: ClientSession, scope: Scope, account: LedgerAccount, floor_cents: int
    ) -> None:
        """Keep the floor of an account, which is made if nothing moved it yet: it can be debited first."""
        made = {**_opened(scope, account), "balance_cents": 0, "version": 0}
        del made["floor_cents"]
        self._accounts.update_one(
            {"_id": key(scope.organisation_id, account.name)},
            {"$set": {"floor_cents": floor_cents}, "$setOnInsert": made},
            upsert=True,
            session=session,
        )

    def _move(self, session: ClientSession, scope: Scope, account: LedgerAccount, cents: int) -> int:
        """Add cents to an account and return its new version; taking is refused below the floor."""
        chosen: Document = {"_id": key(scope.organisation_id, account.name)}
        takes = cents < 0 and account.kind in FLOORS_CENTS
        if takes:
            chosen["$expr"] = {"$gte": [{"$add": ["$balance_cents", cents]}, "$floor_cents"]}
        found = self._accounts.find_one_and_update(
            chosen,
            {
                "$inc": {"balance_cents": cents, "version": 1},
                "$setOnInsert": _opened(scope, account),
            },
            upsert=not takes,
            return_document=ReturnDocument.AFTER,
            projection={"version": 1},
            session=session,
        )
        if found is None:
            raise FloorReachedError(account.name)
        return int(found["version"])


def _opened(scope: Scope, account: LedgerAccount) -> Document:
    return {
        "organisation_id": scope.organisation_id,
        "name": account.name,
        "kind": account.kind.value,
        "family_id": account.family_id,
        "cash_office_id": account.cash_office_id,
        "wallet_id": account.wallet_id,
        "floor_cents": FLOORS_CENTS.get(account.kind),
    }
