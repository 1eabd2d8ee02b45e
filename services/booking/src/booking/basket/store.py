"""Drafts: one open basket of an account for a family, with the review that was last shown of it.

A basket lies where its confirmation will, in `confirmations`, or in `drafts`, where releases until this one
look for it. This release makes new ones there, and goes on with those that the next one makes.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pymongo import ASCENDING, ReturnDocument
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from booking.basket.model import BASKET, BasketAct, BasketState, Draft, DraftKey, Line, Movement, Review
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.mongo import FOLLOWED
from chassis.values.scope import Scope

CLOSED_KEPT_S = 7 * 86_400
LINE = Form(Line, names={"cancelling_closes_at": "cancellable_until"}, inlined={"facts"})
"""How a line lies in reviews and in confirmations."""
MAPPER = Mapper(
    Form(Draft, names=KEY, sparse={"confirmation_id", "family_id"}), Form(Movement), Form(Review), LINE
)


class Drafts:
    """Drafts of one account for the scope's family; a draft of anybody else is not found."""

    def __init__(self, database: Database[Document]) -> None:
        self._records, self._rows = database["confirmations"], database["drafts"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create the indexes that keep the open draft alone, and those that let closed ones go."""
        drafts, records = database["drafts"], database["confirmations"]
        account = [("organisation_id", ASCENDING), ("account_id", ASCENDING)]
        drafts.create_index(
            account, name="one_open_draft", unique=True, partialFilterExpression={"open": True}
        )
        records.create_index(
            [*account, ("family_id", ASCENDING)],
            name="one_open_basket",
            unique=True,
            partialFilterExpression={"state": BasketState.DRAFT.value},
        )
        drafts.create_index("closed_at", name="drafts_kept", expireAfterSeconds=CLOSED_KEPT_S)
        records.create_index("closed_at", name="baskets_kept", expireAfterSeconds=CLOSED_KEPT_S)

    def open(self, scope: Scope, fresh: DraftKey, now: datetime) -> Draft:
        """The account's open draft, made under the fresh key when there is none."""
        mine = {**account_of(scope, fresh.account_id), "open": True}
        basket = {**family_of(scope, fresh.account_id), "state": BasketState.DRAFT.value}
        found = self._records.find_one(basket) or self._rows.find_one(mine)
        if found is not None:  # as at every look at the planning: no write, and no wait for the journal
            return _draft(found)
        empty = {"_id": fresh.id, "version": 0, "movements": [], "updated_at": now, "review": None}
        try:
            row = self._rows.find_one_and_update(
                mine, {"$setOnInsert": empty}, upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:  # another tab made it in between
            row = self._rows.find_one(mine)
        if row is None:
            raise LookupError("the open draft was closed while it was looked for")
        return _draft(row)

    def find(self, scope: Scope, key: DraftKey) -> Draft | None:
        """An open draft."""
        found = (rows.find_one(mine) for rows, mine in self._lying(scope, key, BasketAct.CHANGE))
        return next((_draft(row) for row in found if row is not None), None)

    def keep_movements(
        self, scope: Scope, draft: Draft, movements: Sequence[Movement], now: datetime
    ) -> Draft | None:
        """Replace the movements of the draft as it was read, its review with them.

        None when it changed since.
        """
        change: Document = {
            "$set": {
                "movements": [MAPPER.to_document(movement) for movement in movements],
                "review": None,
                "updated_at": now,
            },
            "$inc": {"version": 1},
        }
        for rows, mine in self._lying(scope, draft.key, BasketAct.CHANGE):
            as_read = {**mine, "version": draft.version}
            row = rows.find_one_and_update(as_read, change, return_document=ReturnDocument.AFTER)
            if row is not None:
                return _draft(row)
        return None

    def keep_review(self, scope: Scope, draft: Draft, review: Review) -> bool:
        """Keep what was shown of the draft; False when the draft changed since it was read."""
        shown = {"$set": {"review": MAPPER.to_document(review)}}
        return any(
            rows.update_one({**mine, "version": draft.version}, shown).matched_count
            for rows, mine in self._lying(scope, draft.key, BasketAct.REVIEW)
        )

    def close(self, scope: Scope, key: DraftKey, now: datetime) -> bool:
        """Abandon an open draft."""
        abandoned = {"state": BasketState.ABANDONED.value, "closed_at": now}
        result = self._records.update_one(may_be(scope, key, BasketAct.ABANDON), {"$set": abandoned})
        if result.matched_count == 0:
            closed = {"open": False, "closed_at": now}
            result = self._rows.update_one(_unclaimed(scope, key), {"$set": closed})
        return result.matched_count == 1

    def claim(
        self, scope: Scope, key: DraftKey, quote_id: str, confirmation_id: str, now: datetime
    ) -> Draft | None:
        """Close a draft of `drafts` whose review is the one that was shown, in the name of one confirmation.

        One write, so that of two confirmations only one gets the basket; those that follow make it durable,
        and where none follows the basket is open still. None when the draft changed since,
        its prices are too old, or it is gone: `claimed` and `find` tell these apart.
        """
        row = self._rows.with_options(write_concern=FOLLOWED).find_one_and_update(
            {
                **_unclaimed(scope, key),
                "review.quote_id": quote_id,
                "review.expires_at": {"$gt": now},
            },
            {"$set": {"open": False, "closed_at": now, "confirmation_id": confirmation_id}},
            return_document=ReturnDocument.AFTER,
        )
        return None if row is None else _draft(row)

    def claimed(self, scope: Scope, key: DraftKey, confirmation_id: str) -> Draft | None:
        """A draft that this confirmation closed before, for one that was interrupted right after."""
        row = self._rows.find_one(_claimed(scope, key, confirmation_id))
        return None if row is None else _draft(row)

    def reopen(self, scope: Scope, key: DraftKey, confirmation_id: str) -> None:
        """Give the basket back: its confirmation could not be written. A newer open draft goes before it."""
        try:
            self._rows.update_one(
                _claimed(scope, key, confirmation_id),
                {"$set": {"open": True}, "$unset": {"closed_at": "", "confirmation_id": ""}},
            )
        except DuplicateKeyError:
            return

    def _lying(
        self, scope: Scope, key: DraftKey, act: BasketAct
    ) -> Iterator[tuple[Collection[Document], Document]]:
        """Where a draft may lie in a state in which the act may be done, and how it is found there."""
        yield self._records, may_be(scope, key, act)
        yield self._rows, _unclaimed(scope, key)


def may_be(scope: Scope, key: DraftKey, act: BasketAct) -> Document:
    """How the record of a basket is found in the state in which the act may be done to it."""
    (state,) = BASKET.sources(act)
    return {"_id": key.id, **family_of(scope, key.account_id), "state": state}


def account_of(scope: Scope, account_id: str) -> Document:
    """How what an account has in the scope's organisation is found."""
    return {"organisation_id": scope.organisation_id, "account_id": account_id}


def family_of(scope: Scope, account_id: str) -> Document:
    """How what an account has there for the scope's family is found."""
    return {**account_of(scope, account_id), "family_id": scope.family_id}


def _unclaimed(scope: Scope, key: DraftKey) -> Document:
    return {"_id": key.id, **account_of(scope, key.account_id), "open": True}


def _claimed(scope: Scope, key: DraftKey, confirmation_id: str) -> Document:
    mine = {"_id": key.id, **account_of(scope, key.account_id), "open": False}
    return {**mine, "confirmation_id": confirmation_id}


def _draft(row: Document) -> Draft:
    return MAPPER.from_document(Draft, row)
