"""All of billing's stores, and one consistent picture of the money for the check of the books."""

from collections.abc import Sequence

from billing.attempts.store.attempts import AttemptsStore
from billing.attempts.store.looks import LooksStore
from billing.attempts.store.quarantines import QuarantinesStore
from billing.commands.paid import quarantined
from billing.commands.rules import findings
from billing.consumption.store import ConsumptionStore
from billing.copies.store import CopiesStore
from billing.credit_notes.store import CreditNotesStore
from billing.ledger.store.journal import LedgerStore
from billing.offices.store import BillingSettingsStore, OfficesStore
from billing.payments.store import PaymentsStore
from billing.quotes.store import QuotesStore
from billing.settlements.store import SettlementsStore
from billing.tariffs.store import TariffsStore
from billing.vocabulary import Document
from billing.wallets.store import WalletsStore
from chassis.storage.mongo import Db, StoreClass

STORES: Sequence[StoreClass] = (
    CopiesStore,
    OfficesStore,
    BillingSettingsStore,
    LedgerStore,
    PaymentsStore,
    CreditNotesStore,
    WalletsStore,
    TariffsStore,
    QuotesStore,
    SettlementsStore,
    AttemptsStore,
    LooksStore,
    QuarantinesStore,
    ConsumptionStore,
)

_OF_MONEY = (
    "journal",
    "accounts",
    "credit_notes",
    "charges",
    "settlements",
    "payments",
    "received",
    "series",
)


def check(database: Db) -> list[str]:
    """Return what does not hold of billing's invariants in any organisation, one sentence each."""
    return [
        f"{organisation_id}: {finding}"
        for organisation_id in organisations(database)
        for finding in findings(picture(database, organisation_id))
    ]


def waiting_for_a_cashier(database: Db) -> list[str]:
    """Return what only a cashier can find out, one sentence each: nothing is wrong with the books."""
    return [
        f"{organisation_id}: {sentence}"
        for organisation_id in organisations(database)
        for sentence in quarantined(picture(database, organisation_id))
    ]


def organisations(database: Db) -> list[str]:
    """Return the organisations that have moved money or priced anything."""
    found: set[str] = set()
    for name in ("journal", "settlements", "payments", "received"):
        found.update(database[name].distinct("organisation_id"))
    return sorted(found)


def picture(database: Db, organisation_id: str) -> dict[str, list[Document]]:
    """Return an organisation's documents that speak of money as they were at one instant, by collection."""
    with database.client.start_session(snapshot=True) as session:
        chosen = {"organisation_id": organisation_id}
        return {name: list(database[name].find(chosen, session=session)) for name in _OF_MONEY}
