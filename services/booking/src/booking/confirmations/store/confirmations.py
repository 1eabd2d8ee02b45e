"""Confirmations: written before any seat, answered once, and kept with their answer and their money.

A unique index over the children of open confirmations makes one child's confirmations follow each other.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from booking.basket.store.lines import answer_row
from booking.confirmations.model import Confirmation, ConfirmationState
from booking.confirmations.store.rows import confirmation_of, confirmation_row, payment_row
from booking.vocabulary import Payment, PaymentState
from chassis.storage.mongo import FOLLOWED
from chassis.values.context import Context

_OPEN = ConfirmationState.OPEN.value


class Confirmations:
    """Confirmations of an organisation; what a family reads is its own family's."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._rows = database["confirmations"]

    @staticmethod
    def ensure_indexes(database: Database[dict[str, Any]]) -> None:
        """Create the index that makes a child's confirmations sequential.

        And those of the lists and sweeps.
        """
        confirmations = database["confirmations"]
        confirmations.create_index(
            [("organisation_id", ASCENDING), ("children", ASCENDING)],
            name="one_open_per_child",
            unique=True,
            partialFilterExpression={"state": _OPEN},
        )
        confirmations.create_index(
            [("lease_until", ASCENDING)], name="unanswered", partialFilterExpression={"state": _OPEN}
        )
        confirmations.create_index(
            [("settle_at", ASCENDING)],
            name="unsettled",
            partialFilterExpression={"settle_at": {"$exists": True}},
        )
        confirmations.create_index(
            [("organisation_id", ASCENDING), ("family_id", ASCENDING), ("asked_at", DESCENDING)],
            name="confirmations_of_family",
        )
        confirmations.create_index(
            [("organisation_id", ASCENDING), ("lines.booking_id", ASCENDING)], name="confirmation_of_booking"
        )

    def insert(self, context: Context, confirmation: Confirmation) -> bool:
        """Write an open confirmation; the writes of its seats, or of its answer, make it durable.

        False when it is known already or one of its children has another one open.
        """
        row = confirmation_row(confirmation)
        row["organisation_id"] = context.organisation_id
        try:
            self._rows.with_options(write_concern=FOLLOWED).insert_one(row)
        except DuplicateKeyError:
            return False
        return True

    def find(self, context: Context, confirmation_id: str) -> Confirmation | None:
        """Find one of the family's confirmations."""
        return self._one({"_id": confirmation_id, **_family(context)})

    def resume(self, context: Context, confirmation_id: str) -> Confirmation | None:
        """Find a confirmation to go on with, whichever family asked for it: for settlements and sweeps."""
        return self._one({"_id": confirmation_id, "organisation_id": context.organisation_id})

    def of_booking(self, context: Context, booking_id: str) -> Confirmation | None:
        """Find the confirmation in which this booking was first asked for."""
        asked = {"$elemMatch": {"booking_id": booking_id, "action": "book"}}
        return self._one(
            {"organisation_id": context.organisation_id, "lines.booking_id": booking_id, "lines": asked}
        )

    def open_for(self, context: Context, child_ids: Collection[str]) -> Confirmation | None:
        """Find an open confirmation of one of these children, whichever of their families asked for it."""
        return self._one(
            {
                "organisation_id": context.organisation_id,
                "children": {"$in": list(child_ids)},
                "state": _OPEN,
            }
        )

    def take_over(
        self, context: Context, confirmation_id: str, now: datetime, lease_until: datetime
    ) -> Confirmation | None:
        """Take an open confirmation whose lease has ended.

        None while somebody else works on it, or it is answered.
        """
        row = self._rows.find_one_and_update(
            {
                "_id": confirmation_id,
                "organisation_id": context.organisation_id,
                "state": _OPEN,
                "lease_until": {"$lte": now},
            },
            {"$set": {"lease_until": lease_until}},
            return_document=ReturnDocument.AFTER,
        )
        return None if row is None else confirmation_of(row)

    def give_back(self, context: Context, confirmation: Confirmation, now: datetime) -> None:
        """End the lease under which `confirmation` was being answered, unless somebody else has it by now."""
        ours = {"state": _OPEN, "lease_until": confirmation.lease_until}
        self._rows.update_one(
            {"_id": confirmation.id, "organisation_id": context.organisation_id, **ours},
            {"$set": {"lease_until": now}},
        )

    def answer(
        self,
        context: Context,
        confirmation: Confirmation,
        events: Sequence[dict[str, Any]],
        settle_at: datetime | None,
    ) -> bool:
        """Keep the answer with its events, and when to ask billing again.

        False when it was answered before.
        """
        answered: dict[str, Any] = {
            "state": ConfirmationState.ANSWERED.value,
            "answered_at": confirmation.answered_at,
            # Nothing else of a line changes: what was asked stands as it was written.
            **{
                f"lines.{place}.answer": answer_row(line.answer)
                for place, line in enumerate(confirmation.lines)
            },
            "payment": payment_row(confirmation.payment),
            "money": payment_row(confirmation.money),
        }
        if settle_at is not None:
            answered["settle_at"] = settle_at
        result = self._rows.update_one(
            {"_id": confirmation.id, "organisation_id": context.organisation_id, "state": _OPEN},
            {"$set": answered, "$push": {"events": {"$each": list(events)}}},
        )
        return result.matched_count == 1

    def keep_money(
        self, context: Context, confirmation_id: str, money: Payment, settle_at: datetime | None
    ) -> None:
        """Keep where the payment stands now; what was settled stays settled."""
        known = {"_id": confirmation_id, "organisation_id": context.organisation_id}
        unsettled = {"money.state": {"$ne": PaymentState.SETTLED.value}}
        update: dict[str, Any] = {"$set": {"money": payment_row(money)}}
        if settle_at is None:
            update["$unset"] = {"settle_at": ""}
        else:
            update["$set"]["settle_at"] = settle_at
        self._rows.update_one({**known, **unsettled}, update)

    def page(self, context: Context, before: tuple[datetime, str] | None, limit: int) -> list[Confirmation]:
        """Read the family's confirmations, the latest first, those asked before `before`."""
        query: dict[str, Any] = _family(context)
        if before is not None:
            asked_at, last_id = before
            query["$or"] = [
                {"asked_at": {"$lt": asked_at}},
                {"asked_at": asked_at, "_id": {"$lt": last_id}},
            ]
        found = self._rows.find(query).sort([("asked_at", DESCENDING), ("_id", DESCENDING)]).limit(limit)
        return [confirmation_of(row) for row in found]

    def unanswered(self, now: datetime, limit: int) -> list[Confirmation]:
        """Find open confirmations of all organisations whose lease has ended."""
        query = {"state": _OPEN, "lease_until": {"$lte": now}}
        return [confirmation_of(row) for row in self._rows.find(query).sort("lease_until", 1).limit(limit)]

    def unsettled(self, now: datetime, limit: int) -> list[Confirmation]:
        """Find confirmations of all organisations for which billing has to be asked again."""
        query = {"settle_at": {"$lte": now}}
        return [confirmation_of(row) for row in self._rows.find(query).sort("settle_at", 1).limit(limit)]

    def _one(self, query: dict[str, Any]) -> Confirmation | None:
        row = self._rows.find_one(query)
        return None if row is None else confirmation_of(row)


def _family(context: Context) -> dict[str, Any]:
    return {"organisation_id": context.organisation_id, "family_id": context.family_id}
