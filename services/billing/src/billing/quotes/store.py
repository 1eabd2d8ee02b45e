"""Quotes in MongoDB: written once, read at settling, gone after a week."""

from pymongo.errors import DuplicateKeyError

from billing.quotes.model import Quote
from billing.vocabulary import key
from chassis.storage.documents import Mapper
from chassis.storage.mongo import Db
from chassis.values.scope import Scope

KEPT_S = 7 * 86_400
"""A settle that failed is repeated for as long as its seats are held, which is far less."""

MAPPER = Mapper()


class QuotesStore:
    """Prices that were promised."""

    def __init__(self, database: Db) -> None:
        self._quotes = database["quotes"]

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes."""
        database["quotes"].create_index("made_at", expireAfterSeconds=KEPT_S, name="quotes_kept")

    def keep(self, scope: Scope, quote: Quote) -> Quote:
        """Return a quote, kept; when its id was used before, the earlier one stands and is returned."""
        named = {"_id": key(scope.organisation_id, quote.id), "organisation_id": scope.organisation_id}
        try:
            self._quotes.insert_one({**MAPPER.to_document(quote), **named})
        except DuplicateKeyError:
            return self.get(scope, quote.id) or quote
        return quote

    def get(self, scope: Scope, quote_id: str) -> Quote | None:
        """Return a quote by its id, expired or not."""
        found = self._quotes.find_one({"_id": key(scope.organisation_id, quote_id)})
        return MAPPER.from_document(Quote, found) if found else None
