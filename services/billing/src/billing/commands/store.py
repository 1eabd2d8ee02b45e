"""All of billing's memory together, with its indexes, and one picture of everything for the checks."""

from collections.abc import Iterator
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database

from billing.attempts.store import Payments
from billing.balance.store import Wallets
from billing.copies.store import Configuration
from billing.ledger.store import Journal
from billing.quotes.store import KEPT_S, Quotes
from billing.settlements.store import Settlements
from billing.vocabulary import Document


class Store:
    """All of it, one attribute per noun."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.database = database
        self.configuration = Configuration(database)
        self.quotes = Quotes(database)
        self.journal = Journal(database)
        self.settlements = Settlements(database)
        self.payments = Payments(database)
        self.wallets = Wallets(database)
        self.checks = Checks(database)

    @staticmethod
    def ensure_indexes(database: Database[dict[str, Any]]) -> None:
        """Create every index; repeating it changes nothing."""
        ensure_indexes(database)


COLLECTIONS = (
    "journal",
    "accounts",
    "credit_notes",
    "charges",
    "settlements",
    "payments",
    "series",
)


class Checks:
    """One consistent picture of the money, organisation by organisation."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._database = database

    def organisations(self) -> list[str]:
        """List the organisations that have moved money or priced anything."""
        found: set[str] = set()
        for name in ("journal", "settlements", "payments"):
            found.update(self._database[name].distinct("organisation_id"))
        return sorted(found)

    def picture(self, organisation_id: str) -> dict[str, list[Document]]:
        """Read all of an organisation's documents in one snapshot, by collection."""
        with self._database.client.start_session(snapshot=True) as session:
            return {name: list(self._all(name, organisation_id, session)) for name in COLLECTIONS}

    def _all(self, name: str, organisation_id: str, session: ClientSession) -> Iterator[Document]:
        yield from self._database[name].find({"organisation_id": organisation_id}, session=session)


PROMOTIONS_KEPT_S = 14 * 86_400
"""As long as an event may be repeated."""


def ensure_indexes(database: Database[dict[str, Any]]) -> None:
    """Create the indexes (and with them the collections, which a transaction could not make in time)."""
    scope = ("organisation_id", 1)
    database["quotes"].create_index("made_at", expireAfterSeconds=KEPT_S, name="quotes_kept")
    database["cash_offices"].create_index([scope, ("id", 1)], unique=True, name="cash_office")
    database["wallets"].create_index([scope, ("activity_group", 1), ("mode", 1)], name="wallet_of_group")
    database["wallets"].create_index([scope, ("office.id", 1)], name="wallets_of_office")
    database["tariffs"].create_index(
        [scope, ("activity_id", 1), ("valid_from", 1)], unique=True, name="tariff"
    )
    database["accounts"].create_index([scope, ("family_id", 1), ("wallet_id", 1)], name="accounts_of_family")
    database["journal"].create_index([scope, ("family_id", 1), ("posted_at", 1)], name="journal_of_family")
    database["series"].create_index([scope, ("year", 1)], name="series")
    database["charges"].create_index([scope, ("family_id", 1), ("charged_at", 1)], name="charges_of_family")
    notes = database["credit_notes"]
    notes.create_index([scope, ("family_id", 1), ("issued_at", 1)], name="credit_notes_of_family")
    notes.create_index([scope, ("number", 1)], unique=True, name="credit_note_number")
    _index_settlements(database, scope)
    _index_payments(database, scope)
    database["promotions"].create_index("at", expireAfterSeconds=PROMOTIONS_KEPT_S, name="promotions_kept")
    coming = database["consumptions"]
    coming.create_index([scope, ("family_id", 1), ("state", 1), ("day", 1)], name="consumptions_of_family")
    database["organisations"].create_index("slug", name="organisation_slug")


def _index_settlements(database: Database[dict[str, Any]], scope: tuple[str, int]) -> None:
    waiting = {"release_at": {"$exists": True}}
    settlements = database["settlements"]
    settlements.create_index([scope, ("parts.lines.booking_id", 1)], name="settlement_of_booking")
    settlements.create_index(
        [scope, ("family_id", 1), ("release_at", 1)], partialFilterExpression=waiting, name="settlements_due"
    )
    settlements.create_index("release_at", partialFilterExpression=waiting, name="settlements_overdue")


def _index_payments(database: Database[dict[str, Any]], scope: tuple[str, int]) -> None:
    payments = database["payments"]
    payments.create_index([scope, ("settlement_id", 1)], name="payments_of_settlement")
    payments.create_index(
        # The provider's own names, and its notifications know of no organisation.
        "provider_reference",
        unique=True,
        partialFilterExpression={"provider_reference": {"$exists": True}},
        name="provider_reference",
    )
    payments.create_index(
        [scope, ("receipt_number", 1)],
        unique=True,
        partialFilterExpression={"receipt_number": {"$exists": True}},
        name="receipt_number",
    )
    payments.create_index([scope, ("family_id", 1), ("state", 1), ("paid_at", -1)], name="payments_of_family")
    payments.create_index(
        "look_up_at", partialFilterExpression={"look_up_at": {"$exists": True}}, name="payments_to_look_up"
    )
