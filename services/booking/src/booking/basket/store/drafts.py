"""Drafts: one open basket per account and organisation, with the review that was last shown of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from booking.basket.model import Draft, Movement, Review
from booking.basket.store.lines import line_of, line_row, movement_of, movement_row, office_row
from booking.vocabulary import Office
from chassis.storage.mongo import FOLLOWED
from chassis.values.context import Context

CLOSED_KEPT_S = 7 * 86_400


class Drafts:
    """Drafts of the context's account; a draft of anybody else is not found."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._rows = database["drafts"]

    @staticmethod
    def ensure_indexes(database: Database[dict[str, Any]]) -> None:
        """Create the index that keeps the open draft alone, and the one that lets closed ones go."""
        drafts = database["drafts"]
        drafts.create_index(
            [("organisation_id", ASCENDING), ("account_id", ASCENDING)],
            name="one_open_draft",
            unique=True,
            partialFilterExpression={"open": True},
        )
        drafts.create_index("closed_at", name="drafts_kept", expireAfterSeconds=CLOSED_KEPT_S)

    def open(self, context: Context, draft_id: str, now: datetime) -> Draft:
        """Give the account's open draft, made with `draft_id` when there is none."""
        mine = {**_account(context), "open": True}
        found = self._rows.find_one(mine)
        if found is not None:  # as at every look at the planning: no write, and no wait for the journal
            return _draft(found)
        fresh = {"_id": draft_id, "version": 0, "movements": [], "updated_at": now, "review": None}
        try:
            row = self._rows.find_one_and_update(
                mine, {"$setOnInsert": fresh}, upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:  # another tab made it in between
            row = self._rows.find_one(mine)
        if row is None:
            raise LookupError("the open draft was closed while it was looked for")
        return _draft(row)

    def find(self, context: Context, draft_id: str) -> Draft | None:
        """Find an open draft."""
        row = self._rows.find_one({"_id": draft_id, **_account(context), "open": True})
        return None if row is None else _draft(row)

    def keep_movements(
        self, context: Context, draft: Draft, movements: Sequence[Movement], now: datetime
    ) -> Draft | None:
        """Replace the movements of the draft as it was read, its review with them.

        None when it changed since.
        """
        row = self._rows.find_one_and_update(
            {"_id": draft.id, **_account(context), "open": True, "version": draft.version},
            {
                "$set": {
                    "movements": [movement_row(movement) for movement in movements],
                    "review": None,
                    "updated_at": now,
                },
                "$inc": {"version": 1},
            },
            return_document=ReturnDocument.AFTER,
        )
        return None if row is None else _draft(row)

    def keep_review(self, context: Context, review: Review) -> bool:
        """Keep what was shown of the draft; False when the draft changed since it was read."""
        result = self._rows.update_one(
            {"_id": review.draft_id, **_account(context), "open": True, "version": review.draft_version},
            {"$set": {"review": _review_row(review)}},
        )
        return result.matched_count == 1

    def close(self, context: Context, draft_id: str, now: datetime) -> bool:
        """Abandon an open draft."""
        result = self._rows.update_one(
            {"_id": draft_id, **_account(context), "open": True}, {"$set": {"open": False, "closed_at": now}}
        )
        return result.matched_count == 1

    def claim(
        self, context: Context, draft_id: str, quote_id: str, confirmation_id: str, now: datetime
    ) -> Draft | None:
        """Close a draft whose review is the one that was shown, in the name of one confirmation.

        One write, so that of two confirmations only one gets the basket; those that follow make it durable,
        and where none follows the basket is open still. None when the draft changed since,
        its prices are too old, or it is gone: `claimed` and `find` tell these apart.
        """
        row = self._rows.with_options(write_concern=FOLLOWED).find_one_and_update(
            {
                "_id": draft_id,
                **_account(context),
                "open": True,
                "review.quote_id": quote_id,
                "review.expires_at": {"$gt": now},
            },
            {"$set": {"open": False, "closed_at": now, "confirmation_id": confirmation_id}},
            return_document=ReturnDocument.AFTER,
        )
        return None if row is None else _draft(row)

    def claimed(self, context: Context, draft_id: str, confirmation_id: str) -> Draft | None:
        """Find a draft that this confirmation closed before, for one that was interrupted right after."""
        row = self._rows.find_one(
            {"_id": draft_id, **_account(context), "open": False, "confirmation_id": confirmation_id}
        )
        return None if row is None else _draft(row)

    def reopen(self, context: Context, draft_id: str, confirmation_id: str) -> None:
        """Give the basket back: its confirmation could not be written. A newer open draft goes before it."""
        try:
            self._rows.update_one(
                {"_id": draft_id, **_account(context), "open": False, "confirmation_id": confirmation_id},
                {"$set": {"open": True}, "$unset": {"closed_at": "", "confirmation_id": ""}},
            )
        except DuplicateKeyError:
            return


def _account(context: Context) -> dict[str, Any]:
    return {"organisation_id": context.organisation_id, "account_id": context.account_id}


def _draft(row: dict[str, Any]) -> Draft:
    return Draft(
        id=row["_id"],
        organisation_id=row["organisation_id"],
        account_id=row["account_id"],
        version=row["version"],
        movements=tuple(movement_of(movement) for movement in row["movements"]),
        updated_at=row["updated_at"],
        review=_review_of(row) if row["review"] else None,
        confirmation_id=row.get("confirmation_id"),
    )


def _review_row(review: Review) -> dict[str, Any]:
    return {
        "quote_id": review.quote_id,
        "expires_at": review.expires_at,
        "lines": [line_row(line) for line in review.lines],
        "offices": [office_row(office) for office in review.offices],
    }


def _review_of(row: dict[str, Any]) -> Review:
    review = row["review"]
    return Review(
        draft_id=row["_id"],
        draft_version=row["version"],
        quote_id=review["quote_id"],
        expires_at=review["expires_at"],
        lines=tuple(line_of(line) for line in review["lines"]),
        offices=tuple(Office(**office) for office in review["offices"]),
    )
