"""Drafts: one open basket per account and organisation, with the review that was last shown of it."""

from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from booking.basket.model import DRAFT, Draft, DraftAct, DraftKey, DraftState, Line, Movement, Review
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.mongo import FOLLOWED
from chassis.values.scope import Scope

CLOSED_KEPT_S = 7 * 86_400
LINE = Form(Line, names={"cancelling_closes_at": "cancellable_until"}, inlined={"facts"})
"""How a line lies in reviews and in confirmations."""
MAPPER = Mapper(Form(Draft, names=KEY, sparse={"confirmation_id"}), Form(Movement), Form(Review), LINE)


class Drafts:
    """Drafts of one account; a draft of anybody else is not found."""

    def __init__(self, database: Database[Document]) -> None:
        self._rows = database["drafts"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create the index that keeps the open draft alone, and the one that lets closed ones go."""
        drafts = database["drafts"]
        drafts.create_index(
            [("organisation_id", ASCENDING), ("account_id", ASCENDING)],
            name="one_open_draft",
            unique=True,
            partialFilterExpression={"open": True},
        )
        drafts.create_index("closed_at", name="drafts_kept", expireAfterSeconds=CLOSED_KEPT_S)

    def open(self, scope: Scope, fresh: DraftKey, now: datetime) -> Draft:
        """The account's open draft, made under the fresh key when there is none."""
        mine = {**_account(scope, fresh.account_id), "open": True}
        found = self._rows.find_one(mine)
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
        row = self._rows.find_one(_where(scope, key, DraftAct.CHANGE))
        return None if row is None else _draft(row)

    def keep_movements(
        self, scope: Scope, draft: Draft, movements: Sequence[Movement], now: datetime
    ) -> Draft | None:
        """Replace the movements of the draft as it was read, its review with them.

        None when it changed since.
        """
        row = self._rows.find_one_and_update(
            {**_where(scope, draft.key, DraftAct.CHANGE), "version": draft.version},
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
            {**_where(scope, draft.key, DraftAct.REVIEW), "version": draft.version},
            {"$set": {"review": MAPPER.to_document(review)}},
        )
        return result.matched_count == 1

    def close(self, scope: Scope, key: DraftKey, now: datetime) -> bool:
        """Abandon an open draft."""
        result = self._rows.update_one(
            _where(scope, key, DraftAct.ABANDON), {"$set": {"open": False, "closed_at": now}}
        )
        return result.matched_count == 1

    def claim(
        self, scope: Scope, key: DraftKey, quote_id: str, confirmation_id: str, now: datetime
    ) -> Draft | None:
        """Close a draft whose review is the one that was shown, in the name of one confirmation.

        One write, so that of two confirmations only one gets the basket; those that follow make it durable,
        and where none follows the basket is open still. None when the draft changed since,
        its prices are too old, or it is gone: `claimed` and `find` tell these apart.
        """
        row = self._rows.with_options(write_concern=FOLLOWED).find_one_and_update(
            {
                **_where(scope, key, DraftAct.CLAIM),
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


def _account(scope: Scope, account_id: str) -> Document:
    return {"organisation_id": scope.organisation_id, "account_id": account_id}


def _where(scope: Scope, key: DraftKey, act: DraftAct) -> Document:
    """A draft in the state in which the act may be done."""
    (state,) = DRAFT.sources(act)
    return {"_id": key.id, **_account(scope, key.account_id), "open": state == DraftState.OPEN}


def _claimed(scope: Scope, key: DraftKey, confirmation_id: str) -> Document:
    return {**_where(scope, key, DraftAct.GIVE_BACK), "confirmation_id": confirmation_id}


def _draft(row: Document) -> Draft:
    return MAPPER.from_document(Draft, row)
