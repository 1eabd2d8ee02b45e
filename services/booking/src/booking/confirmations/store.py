"""Confirmations: written before any seat, answered once, and kept with their answer and their money.

A basket becomes its confirmation where it lies, in one write, which checks all that it consumes.

A unique index over the children of open confirmations makes one child's confirmations follow each other.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from booking.basket.model import BASKET, BasketAct, BasketState, Draft, DraftKey
from booking.basket.store import LINE, family_of, may_be
from booking.basket.store import MAPPER as BASKETS
from booking.confirmations.model import Confirmation
from booking.seats.model import Answer
from booking.vocabulary import PAYMENT, PaymentAct, SettlementAnswer
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.mongo import FOLLOWED
from chassis.values.scope import Scope

(_OPEN,) = BASKET.sources(BasketAct.ANSWER)
_CONFIRMED = (_OPEN, BasketState.ANSWERED.value)
_UNSETTLED = PAYMENT.sources(PaymentAct.SETTLE)
BLOCK = 50
"""Numbers of requests that a process takes at a time, so that a confirmation does not wait for a counter."""
MAPPER = Mapper(
    Form(Confirmation, names=KEY, sparse={"actor", "key"}), LINE, Form(Answer), Form(SettlementAnswer)
)


class Confirmations:
    """Confirmations of an organisation; what a family reads is its own family's."""

    def __init__(self, database: Database[Document]) -> None:
        self._rows = database["confirmations"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
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
        confirmations.create_index(
            "key", name="one_per_key", unique=True, partialFilterExpression={"key": {"$exists": True}}
        )

    def asked(self, scope: Scope, key: str, basket: DraftKey) -> Confirmation | Draft | None:
        """What was asked under `key`, or else the basket while it is open."""
        mine = family_of(scope, basket.account_id)
        rows = list(self._rows.find({"_id": {"$in": [key, basket.id]}, **mine}))
        for row in rows:
            if key in {row["_id"], row.get("key")}:
                return _confirmation(row)
        drafts = (row for row in rows if row["state"] == BasketState.DRAFT)
        return next((BASKETS.from_document(Draft, row) for row in drafts), None)

    def begin(self, scope: Scope, confirmation: Confirmation, basket: Draft | None = None) -> bool:
        """Write an open confirmation, in the place of its basket where it has one.

        The writes of its seats, or of its answer, make it durable; where none follows, the basket is open.
        False when it was asked before, one of its children has another one open, or the basket is not as it
        was read and shown, or its prices are too old.
        """
        row = {
            **MAPPER.to_document(confirmation),
            "organisation_id": scope.organisation_id,
            "children": sorted({line.facts.child_id for line in confirmation.lines}),  # for the index alone
            "events": [],
        }
        rows = self._rows.with_options(write_concern=FOLLOWED)
        try:
            if basket is None:
                rows.insert_one(row)
                return True
            shown = {
                "version": basket.version,
                "review.quote_id": confirmation.quote_id,
                "review.expires_at": {"$gt": confirmation.asked_at},
            }
            as_read = {**may_be(scope, basket.key, BasketAct.CONFIRM), **shown}
            return rows.replace_one(as_read, row).matched_count == 1
        except DuplicateKeyError:
            return False

    def find(self, scope: Scope, confirmation_id: str) -> Confirmation | None:
        """One of the family's confirmations."""
        return self._one({"_id": confirmation_id, **_family(scope)})

    def asked_as(self, scope: Scope, name: str) -> Confirmation | None:
        """The one of the family's confirmations that was asked under this name."""
        return self._one({"$or": [{"_id": name}, {"key": name}], **_family(scope)})

    def resume(self, scope: Scope, confirmation_id: str) -> Confirmation | None:
        """A confirmation to go on with, whichever family asked for it: for settlements and sweeps."""
        return self._one(
            {
                "_id": confirmation_id,
                "organisation_id": scope.organisation_id,
                "state": {"$in": _CONFIRMED},
            }
        )

    def of_booking(self, scope: Scope, booking_id: str) -> Confirmation | None:
        """The confirmation in which this booking was first asked for."""
        asked = {"$elemMatch": {"booking_id": booking_id, "action": "book"}}
        return self._one(
            {"organisation_id": scope.organisation_id, "lines.booking_id": booking_id, "lines": asked}
        )

    def open_for(self, scope: Scope, child_ids: Collection[str]) -> Confirmation | None:
        """An open confirmation of one of these children, whichever of their families asked for it."""
        return self._one(
            {
                "organisation_id": scope.organisation_id,
                "children": {"$in": list(child_ids)},
                "state": _OPEN,
            }
        )

    def take_over(
        self, scope: Scope, confirmation_id: str, now: datetime, lease_until: datetime
    ) -> Confirmation | None:
        """Take an open confirmation whose lease has ended.

        None while somebody else works on it, or it is answered.
        """
        row = self._rows.find_one_and_update(
            {
                "_id": confirmation_id,
                "organisation_id": scope.organisation_id,
                "state": _OPEN,
                "lease_until": {"$lte": now},
            },
            {"$set": {"lease_until": lease_until}},
            return_document=ReturnDocument.AFTER,
        )
        return None if row is None else _confirmation(row)

    def give_back(self, scope: Scope, confirmation: Confirmation, now: datetime) -> None:
        """End the lease under which `confirmation` was being answered, unless somebody else has it by now."""
        ours = {"state": _OPEN, "lease_until": confirmation.lease_until}
        self._rows.update_one(
            {"_id": confirmation.id, "organisation_id": scope.organisation_id, **ours},
            {"$set": {"lease_until": now}},
        )

    def answer(
        self,
        scope: Scope,
        confirmation: Confirmation,
        events: Sequence[Document],
        settle_at: datetime | None,
    ) -> bool:
        """Keep the answer with its events, and when to ask billing again.

        False when it was answered before.
        """
        answered: Document = {
            "state": BasketState.ANSWERED.value,
            "answered_at": confirmation.answered_at,
            # Nothing else of a line changes: what was asked stands as it was written.
            **{
                f"lines.{place}.answer": MAPPER.to_document(line.answer) if line.answer else None
                for place, line in enumerate(confirmation.lines)
            },
            "payment": MAPPER.to_document(confirmation.payment),
            "money": MAPPER.to_document(confirmation.money),
        }
        if settle_at is not None:
            answered["settle_at"] = settle_at
        result = self._rows.update_one(
            {"_id": confirmation.id, "organisation_id": scope.organisation_id, "state": _OPEN},
            {"$set": answered, "$push": {"events": {"$each": list(events)}}},
        )
        return result.matched_count == 1

    def keep_money(
        self, scope: Scope, confirmation_id: str, money: SettlementAnswer, settle_at: datetime | None
    ) -> None:
        """Keep where the payment stands now; what was settled stays settled."""
        known = {"_id": confirmation_id, "organisation_id": scope.organisation_id}
        unsettled = {"money.state": {"$in": _UNSETTLED}}
        update: Document = {"$set": {"money": MAPPER.to_document(money)}}
        if settle_at is None:
            update["$unset"] = {"settle_at": ""}
        else:
            update["$set"]["settle_at"] = settle_at
        self._rows.update_one({**known, **unsettled}, update)

    def page(self, scope: Scope, before: tuple[datetime, str] | None, limit: int) -> list[Confirmation]:
        """Read the family's confirmations, the latest first, those asked before `before`."""
        query: Document = _family(scope)
        if before is not None:
            asked_at, last_id = before
            query["$or"] = [
                {"asked_at": {"$lt": asked_at}},
                {"asked_at": asked_at, "_id": {"$lt": last_id}},
            ]
        found = self._rows.find(query).sort([("asked_at", DESCENDING), ("_id", DESCENDING)]).limit(limit)
        return [_confirmation(row) for row in found]

    def unanswered(self, now: datetime, limit: int) -> list[Confirmation]:
        """Open confirmations of all organisations whose lease has ended."""
        query = {"state": _OPEN, "lease_until": {"$lte": now}}
        return [_confirmation(row) for row in self._rows.find(query).sort("lease_until", 1).limit(limit)]

    def unsettled(self, now: datetime, limit: int) -> list[Confirmation]:
        """Confirmations of all organisations for which billing has to be asked again."""
        query = {"settle_at": {"$lte": now}}
        return [_confirmation(row) for row in self._rows.find(query).sort("settle_at", 1).limit(limit)]

    def _one(self, query: Document) -> Confirmation | None:
        row = self._rows.find_one(query)
        return None if row is None else _confirmation(row)


def _family(scope: Scope) -> Document:
    own = {"organisation_id": scope.organisation_id, "family_id": {"$in": scope.family_ids}}
    return {**own, "state": {"$in": _CONFIRMED}}


def _confirmation(row: Document) -> Confirmation:
    return MAPPER.from_document(Confirmation, row)


class Numbers:
    """Gives out numbers of requests, "2026-000123", of the blocks that this process has taken.

    They are unique and rise per organisation and year, but not without gaps.
    """

    def __init__(self, database: Database[Document]) -> None:
        self._rows = database["request_numbers"]
        self._blocks: dict[str, tuple[int, int]] = {}

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create nothing: a series is found by its key."""

    def take(self, scope: Scope, year: int, count: int) -> list[str]:
        """`count` fresh numbers of a year."""
        series, numbers = f"{scope.organisation_id}:{year}", []
        for _ in range(count):
            number, end = self._blocks.get(series, (0, 0))
            if number >= end:
                row = self._rows.find_one_and_update(
                    {"_id": series},
                    {"$inc": {"last": BLOCK}},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
                if row is None:
                    raise LookupError("an upsert gives the document back")
                end = int(row["last"]) + 1
                number = end - BLOCK
            self._blocks[series] = (number + 1, end)
            numbers.append(f"{year}-{number:06d}")
        return numbers
