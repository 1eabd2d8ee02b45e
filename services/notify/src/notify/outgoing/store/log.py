"""The log of messages: what became of each, how many wait, and putting back what did not leave.

Every query of an organisation leads with it; those of operators reach all organisations.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from chassis.running.gauges import COUNT_MAX, Gauge, Reading
from chassis.storage.documents import Document
from chassis.values.scope import Scope
from notify.outgoing.model import Backlog, DeliveryState, Message, MessageState
from notify.outgoing.rules import FOR_GOOD
from notify.outgoing.store.documents import LEASE_S, MAPPER
from notify.vocabulary import RefusalReason

QUEUED, FAILED = {"state": MessageState.QUEUED.value}, {"state": MessageState.FAILED.value}
NEVER_TAKEN = [*sorted(FOR_GOOD), None]
"""None: what failed before reasons were kept had been refused."""
QUEUED_AGAIN = {
    "state": MessageState.QUEUED.value,
    "attempts": 0,
    "next_attempt_at": "$$NOW",
    "queued_at": "$$NOW",
}
WAITING_MAILS = Gauge("marelle_mails_waiting", "Mails that the mail server does not have yet.")
OLDEST_MAIL = Gauge(
    "marelle_mails_oldest_seconds", "Seconds for which the oldest of them waits; 0: none does."
)
FAILED_MAILS = Gauge("marelle_mails_failed", "Mails that were refused or given up, and can be sent again.")
NEWEST_FIRST = [("created_at", DESCENDING), ("_id", DESCENDING)]


class MessageLog:
    """What became of messages, in one database."""

    GAUGES: ClassVar[tuple[Gauge, ...]] = (WAITING_MAILS, OLDEST_MAIL, FAILED_MAILS)

    def __init__(self, database: Database[Document]) -> None:
        self._messages = database["messages"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create the indexes: one per query below."""
        messages = database["messages"]
        messages.create_index(
            [("organisation_id", ASCENDING), ("state", ASCENDING), *NEWEST_FIRST], name="log"
        )
        messages.create_index([("created_at", DESCENDING)], partialFilterExpression=FAILED, name="failed")
        messages.create_index([("created_at", ASCENDING)], partialFilterExpression=QUEUED, name="waiting")

    def page(
        self, scope: Scope, state: DeliveryState, now: datetime, limit: int, before: Message | None = None
    ) -> list[Message]:
        """Return the organisation's messages in this state, newest first, those after `before`."""
        query = {"organisation_id": scope.organisation_id, **_in(state, now)}
        if before is not None:
            place = {"created_at": before.created_at, "_id": {"$lt": before.id}}
            query["$and"] = [{"$or": [{"created_at": {"$lt": before.created_at}}, place]}]
        rows = self._messages.find(query).sort(NEWEST_FIRST).limit(limit)
        return [MAPPER.from_document(Message, row) for row in rows]

    def of_all(self, state: DeliveryState, now: datetime, limit: int) -> list[Message]:
        """Return the latest messages of all organisations that did not leave, in this state."""
        query = _in(state, now)
        hint = "failed" if query["state"] == MessageState.FAILED.value else "waiting"
        rows = self._messages.find(query, hint=hint).sort("created_at", DESCENDING).limit(limit)
        return [MAPPER.from_document(Message, row) for row in rows]

    def message(self, message_id: str, scope: Scope | None = None) -> Message | None:
        """Return a message of the organisation, without a scope of any; None where it is not there."""
        row = self._messages.find_one({"_id": message_id, **_of(scope)})
        return MAPPER.from_document(Message, row) if row else None

    def replay(self, message_ids: Iterable[str], scope: Scope | None = None) -> int:
        """Put messages that failed or were given up back into the queue, under their ids; how many."""
        return self._queue({"_id": {"$in": list(message_ids)}, **_of(scope)})

    def replay_all(self, reason: RefusalReason, scope: Scope | None = None) -> int:
        """Put all messages back into the queue that did not leave for this reason; how many."""
        return self._queue({"reason": reason.value, **_of(scope)}, "log" if scope else "failed")

    def _queue(self, which: Document, hint: str | None = None) -> int:
        done = self._messages.update_many({**FAILED, **which}, [{"$set": QUEUED_AGAIN}], hint=hint)
        return done.modified_count

    def hurry(self) -> int:
        """Make due at once what waits for its next attempt, and is not in a postman's hand; how many."""
        beyond_any_lease = {"$dateAdd": {"startDate": "$$NOW", "unit": "second", "amount": LEASE_S}}
        done = self._messages.update_many(
            {**QUEUED, "$expr": {"$gt": ["$next_attempt_at", beyond_any_lease]}},
            [{"$set": {"next_attempt_at": "$$NOW"}}],
            hint="waiting",
        )
        return done.modified_count

    def backlog(self) -> Backlog:
        """Return how much waits and has failed, over all organisations; two short scans of an index.

        At most 10,000 of each are counted.
        """
        oldest = self._messages.find_one(
            QUEUED, {"created_at": 1}, hint="waiting", sort=[("created_at", ASCENDING)]
        )
        return Backlog(
            waiting=self._messages.count_documents(QUEUED, hint="waiting", limit=COUNT_MAX),
            waiting_since=oldest["created_at"] if oldest else None,
            failed=self._messages.count_documents(FAILED, hint="failed", limit=COUNT_MAX),
        )

    def read_gauges(self, now: datetime) -> list[Reading]:
        """Say the same, with the age of the oldest that waits."""
        found = self.backlog()
        waits_s = (now - found.waiting_since).total_seconds() if found.waiting_since else 0.0
        return [
            WAITING_MAILS.reads(found.waiting),
            OLDEST_MAIL.reads(max(0.0, waits_s)),
            FAILED_MAILS.reads(found.failed),
        ]


def _of(scope: Scope | None) -> Document:
    return {} if scope is None else {"organisation_id": scope.organisation_id}


def _in(state: DeliveryState, now: datetime) -> Document:
    """Return the query of a state; `rules.delivery_state` says the same of one message."""
    match state:
        case DeliveryState.WAITING:
            return {**QUEUED, "$or": [{"in_hand_until": None}, {"in_hand_until": {"$lte": now}}]}
        case DeliveryState.SENDING:
            return {**QUEUED, "in_hand_until": {"$gt": now}}
        case DeliveryState.SENT:
            return {"state": MessageState.SENT.value}
        case DeliveryState.FAILED:
            return {**FAILED, "reason": {"$in": NEVER_TAKEN}}
        case DeliveryState.GIVEN_UP:
            return {**FAILED, "reason": {"$nin": NEVER_TAKEN}}
