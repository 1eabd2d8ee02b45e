"""Billing's memory: the only room that knows MongoDB.

Every document carries its organisation and is found by it first; a method takes the verified context (or, in
timers, the organisation that a row names) and sees nothing of another organisation. Decisions are made by
`rules` on what was read inside the transaction, and kept with their journal entries and outbox rows in that
same transaction.
"""

from typing import Any

from pymongo.database import Database

from billing.store.checks import Checks
from billing.store.configuration import Configuration
from billing.store.indexes import ensure_indexes
from billing.store.journal import Journal
from billing.store.payments import Payments
from billing.store.quotes import Quotes
from billing.store.settlements import Settlements
from billing.store.wallets import Wallets


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


__all__ = ["Store"]
