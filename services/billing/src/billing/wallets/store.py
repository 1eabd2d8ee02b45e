"""The wallets of an organisation, in MongoDB."""

from collections.abc import Iterable

from billing.offices.model import CashOffice
from billing.vocabulary import Document, key
from billing.wallets.model import Wallet
from chassis.storage.documents import Mapper
from chassis.storage.mongo import Db
from chassis.values.scope import Scope

MAPPER = Mapper()


class WalletsStore:
    """Read at every quote; written by imports. Balances are the ledger's."""

    def __init__(self, database: Db) -> None:
        self._wallets = database["wallets"]

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes."""
        wallets = database["wallets"]
        wallets.create_index(
            [("organisation_id", 1), ("activity_group", 1), ("mode", 1)], name="wallet_of_group"
        )
        wallets.create_index([("organisation_id", 1), ("office.id", 1)], name="wallets_of_office")

    def all(self, scope: Scope, groups: Iterable[str] | None = None) -> list[Wallet]:
        """Return the organisation's wallets, all or those of some groups of activities, by name."""
        chosen: Document = {"organisation_id": scope.organisation_id}
        if groups is not None:
            asked = sorted(set(groups))
            if not asked:
                return []
            chosen["activity_group"] = {"$in": asked}
        wallets = [MAPPER.from_document(Wallet, each) for each in self._wallets.find(chosen)]
        return sorted(wallets, key=lambda wallet: (wallet.name, wallet.id))

    def put(self, scope: Scope, wallet: Wallet) -> None:
        """Keep a wallet."""
        self._wallets.update_one(
            {"_id": key(scope.organisation_id, wallet.id)},
            {"$set": {**MAPPER.to_document(wallet), "organisation_id": scope.organisation_id}},
            upsert=True,
        )

    def rename_office(self, scope: Scope, office: CashOffice) -> None:
        """Give the wallets of a cash office its present name."""
        self._wallets.update_many(
            {"organisation_id": scope.organisation_id, "office.id": office.id},
            {"$set": {"office": MAPPER.to_document(office)}},
        )
