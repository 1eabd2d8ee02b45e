"""Confirmations: written before any seat, answered once, and kept with their answer and their money.

A basket becomes its confirmation where it lies, in one write, which checks all that it consumes.

A unique index over the children of open confirmations makes one child's confirmations follow each other: who
reads where a child stands, and then books it, does so alone (docs/adr/0028).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from booking.basket.model import BASKET, BasketAct, BasketState, Draft, DraftKey
from booking.basket.store import LINE, family_of, may_be
from booking.basket.store import MAPPER as BASKETS
from booking.confirmations.model import Confirmation
from booking.seats.model import Answer
from booking.seats.store import Seats
from booking.vocabulary import PAYMENT, PaymentAct, SettlementAnswer
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.mongo import FOLLOWED, in_transaction
from chassis.values.scope import Scope

T = TypeVar("T")

(_OPEN,) = BASKET.sources(BasketAct.ANSWER)
_CONFIRMED = (_OPEN, BasketState.ANSWERED.value)
_UNSETTLED = PAYMENT.sources(PaymentAct.SETTLE)
_KEPT = Form(Confirmation, names=KEY, sparse={"actor", "key"})
MAPPER = Mapper(_KEPT, LINE, Form(Answer), Form(SettlementAnswer, sparse={"credit_notes"}))


@dataclass(frozen=True, slots=True)
class Turn:
    """What books without a confirmation, under a fresh id, and the children that it books for."""

    id: str
    child_ids: Collection[str]


class ChildrenBusyError(Exception):
    """A confirmation of one of the children is open: what would book beside it has to come again."""


class Confirmations:
    """Confirmations of an organisation; what a family reads is its own family's."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database
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

    def in_turn(self, scope: Scope, turn: Turn, work: Callable[[Seats], T]) -> T:
        """Do what books for some children in a transaction, while no confirmation of theirs is open.

        The transaction has their place in the index of open confirmations, and leaves nothing there: who
        confirms for one of them meanwhile is kept waiting by the database. ChildrenBusyError: one is open.
        """
        place = {"_id": turn.id, "organisation_id": scope.organisation_id}

        def alone(session: ClientSession) -> T:
            children = sorted(set(turn.child_ids))
            self._rows.insert_one({**place, "state": _OPEN, "children": children}, session=session)
            done = work(Seats(self._database, session))
            self._rows.delete_one(place, session=session)
            return done

        try:
            return in_transaction(self._database, alone)
        except DuplicateKeyError as error:
            raise ChildrenBusyError(turn.id) from error

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

    def next_due(self, after: datetime) -> datetime | None:
        """When, after this instant, a confirmation is next left unanswered or to be settled again."""
        left = self._rows.find_one(
            {"state": _OPEN, "lease_until": {"$gt": after}}, {"lease_until": 1}, sort=[("lease_until", 1)]
        )
        unsettled = self._rows.find_one(
            {"settle_at": {"$gt": after}}, {"settle_at": 1}, sort=[("settle_at", 1)]
        )
        due = [left and left["lease_until"], unsettled and unsettled["settle_at"]]
        return min((at for at in due if at), default=None)

    def _one(self, query: Document) -> Confirmation | None:
        row = self._rows.find_one(query)
        return None if row is None else _confirmation(row)


def _family(scope: Scope) -> Document:
    own = {"organisation_id": scope.organisation_id, "family_id": {"$in": scope.family_ids}}
    return {**own, "state": {"$in": _CONFIRMED}}


def _confirmation(row: Document) -> Confirmation:
    return MAPPER.from_document(Confirmation, row)
