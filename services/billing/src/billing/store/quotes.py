"""Quotes: written once, read at settling, gone after a week."""

from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from billing.model import Quote
from billing.store.documents import quote_document, quote_from
from billing.store.keys import key, organisation_of
from chassis.values.context import Context

KEPT_S = 7 * 86_400
"""A settle that failed is repeated for as long as its seats are held, which is far less."""


class Quotes:
    """Prices that were promised."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._quotes = database["quotes"]

    def keep(self, context: Context | str, quote: Quote) -> Quote:
        """Keep a quote; when its id was used before, the earlier one stands and is given back."""
        organisation_id = organisation_of(context)
        document = quote_document(quote) | {
            "_id": key(organisation_id, quote.id),
            "organisation_id": organisation_id,
        }
        try:
            self._quotes.insert_one(document)
        except DuplicateKeyError:
            return self.get(context, quote.id) or quote
        return quote

    def get(self, context: Context | str, quote_id: str) -> Quote | None:
        """Find a quote by its id, expired or not."""
        found = self._quotes.find_one({"_id": key(organisation_of(context), quote_id)})
        return quote_from(found) if found else None
