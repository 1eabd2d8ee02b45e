"""Drafts: one open basket of an account for a family, with the review that was last shown of it.

A basket lies in `confirmations`, where it becomes its confirmation. The release before makes baskets in
`drafts`: those that are open there are moved when they are asked for.
"""

from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from booking.basket.model import BASKET, BasketAct, BasketState, Draft, DraftKey, Line, Movement, Review
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.mongo import in_transaction
from chassis.values.scope import Scope

CLOSED_KEPT_S = 7 * 86_400
LINE = Form(Line, names={"cancelling_closes_at": "cancellable_until"}, inlined={"facts"})
"""How a line lies in reviews and in confirmations."""
MAPPER = Mapper(Form(Draft, names=KEY, sparse={"family_id"}), Form(Movement), Form(Review), LINE)


class Drafts:
    """Drafts of one account for the scope's family; a draft of anybody else is not found."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database
        self._rows, self._earlier = database["confirmations"], database["drafts"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create the indexes that keep the open draft alone, and those that let closed ones go."""
        baskets, earlier = database["confirmations"], database["drafts"]
        account = [("organisation_id", ASCENDING), ("account_id", ASCENDING)]
        earlier.create_index(
            account, name="one_open_draft", unique=True, partialFilterExpression={"open": True}
        )
        baskets.create_index(
            [*account, ("family_id", ASCENDING)],
            name="one_open_basket",
            unique=True,
            partialFilterExpression={"state": BasketState.DRAFT.value},
        )
        earlier.create_index("closed_at", name="drafts_kept", expireAfterSeconds=CLOSED_KEPT_S)
        baskets.create_index("closed_at", name="baskets_kept", expireAfterSeconds=CLOSED_KEPT_S)

    def open(self, scope: Scope, fresh: DraftKey, now: datetime) -> Draft:
        """The account's open draft, made under the fresh key when there is none."""
        is_open = {"state": BasketState.DRAFT.value}
        found = self._rows.find_one({**family_of(scope, fresh.account_id), **is_open})
        if found is not None:  # as at every look at the planning: no write, and no wait for the journal
            return _draft(found)
        moved = self._moved(scope, _account(scope, fresh.account_id))
        if moved is not None:
            return moved
        mine = {**_account(scope, fresh.account_id), "family_id": scope.family_id, **is_open}
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
        row = self._rows.find_one(may_be(scope, key, BasketAct.CHANGE))
        if row is None:
            return self._moved(scope, {"_id": key.id, **_account(scope, key.account_id)})
        return _draft(row)

    def keep_movements(
        self, scope: Scope, draft: Draft, movements: Sequence[Movement], now: datetime
    ) -> Draft | None:
        """Replace the movements of the draft as it was read, its review with them.

        None when it changed since.
        """
        row = self._rows.find_one_and_update(
            {**may_be(scope, draft.key, BasketAct.CHANGE), "version": draft.version},
            {
                "$set": {
                    "movements": [MAPPER.to_document(movement) for movement in movements],
                    "review": None,
                    "updated_at": now,
                },
                "$inc": {"version": 1},
            },
            return_document=ReturnDocument.AFTER,
        )
        return None if row is None else _draft(row)

    def keep_review(self, scope: Scope, draft: Draft, review: Review) -> bool:
        """Keep what was shown of the draft; False when the draft changed since it was read."""
        result = self._rows.update_one(
            {**may_be(scope, draft.key, BasketAct.REVIEW), "version": draft.version},
            {"$set": {"review": MAPPER.to_document(review)}},
        )
        return result.matched_count == 1

    def close(self, scope: Scope, key: DraftKey, now: datetime) -> bool:
        """Abandon an open draft."""
        result = self._rows.update_one(
            may_be(scope, key, BasketAct.ABANDON),
            {"$set": {"state": BasketState.ABANDONED.value, "closed_at": now}},
        )
        return result.matched_count == 1

    def _moved(self, scope: Scope, wanted: Document) -> Draft | None:
        """An open draft of the release before, once it lies where this one looks for it.

        None where there is none, or where the account has another basket open for the family.
        """
        wanted = {**wanted, "open": True}
        if self._earlier.find_one(wanted, {"_id": 1}) is None:
            return None

        def move(session: ClientSession) -> Document | None:
            row = self._earlier.find_one_and_delete(wanted, session=session)
            if row is None:
                return None
            del row["open"]
            basket = {**row, "family_id": scope.family_id, "state": BasketState.DRAFT.value}
            self._rows.insert_one(basket, session=session)
            return basket

        try:
            row = in_transaction(self._database, move)
        except DuplicateKeyError:
            return None
        return None if row is None else _draft(row)


def may_be(scope: Scope, key: DraftKey, act: BasketAct) -> Document:
    """How a basket is found in the state in which the act may be done to it."""
    (state,) = BASKET.sources(act)
    return {"_id": key.id, **family_of(scope, key.account_id), "state": state}


def family_of(scope: Scope, account_id: str) -> Document:
    """How what an account has for the scope's family is found."""
    return {**_account(scope, account_id), "family_id": {"$in": scope.family_ids}}


def _account(scope: Scope, account_id: str) -> Document:
    return {"organisation_id": scope.organisation_id, "account_id": account_id}


def _draft(row: Document) -> Draft:
    return MAPPER.from_document(Draft, row)
