"""The queue of messages: each is written once, and taken out until the mail server has it.

Every query leads with the organisation, but for the postman's, who serves all of them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chassis.storage.documents import Document
from chassis.values.scope import Scope
from notify.outgoing.model import Message, MessageState
from notify.outgoing.store.documents import LEASE_S, MAPPER

LAST_SIGN = "\U0010ffff"
SETTLED = (
    "state",
    "attempts",
    "next_attempt_at",
    "sent_at",
    "reason",
    "code",
    "last_answer",
    "in_hand_until",
)
"""What an attempt changes."""


class MessageStore:
    """Messages, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self._messages = database["messages"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create the indexes: one per query below."""
        messages = database["messages"]
        messages.create_index(
            [("organisation_id", ASCENDING), ("dedupe_key", ASCENDING)], unique=True, name="once"
        )
        messages.create_index(
            [("organisation_id", ASCENDING), ("family_id", ASCENDING), ("created_at", DESCENDING)],
            name="of_family",
        )
        messages.create_index(
            [("next_attempt_at", ASCENDING)],
            partialFilterExpression={"state": MessageState.QUEUED.value},
            name="due",
        )

    def told(self, scope: Scope, about: str, session: ClientSession) -> bool:
        """Say whether a message was written whose dedupe key begins so."""
        begin = {"$gte": about, "$lt": about + LAST_SIGN}
        known = {"organisation_id": scope.organisation_id, "dedupe_key": begin}
        return self._messages.find_one(known, {"_id": 1}, session=session) is not None

    def insert(self, scope: Scope, messages: Iterable[Message], session: ClientSession) -> None:
        """Queue messages in the caller's transaction; of those that share an id, the last."""
        of = {"organisation_id": scope.organisation_id}
        rows = {message.id: MAPPER.to_document(message) | of for message in messages}
        if rows:  # two may share an address
            self._messages.insert_many(list(rows.values()), session=session)

    def claim_due(self, now: datetime) -> Message | None:
        """Take the message that has waited longest; it comes back after its lease unless it is settled."""
        until = now + timedelta(seconds=LEASE_S)
        found = self._messages.find_one_and_update(
            {"state": MessageState.QUEUED.value, "next_attempt_at": {"$lte": now}},
            {"$set": {"next_attempt_at": until, "in_hand_until": until}, "$inc": {"attempts": 1}},
            sort=[("next_attempt_at", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return MAPPER.from_document(Message, found) if found else None

    def next_due(self, after: datetime) -> datetime | None:
        """Return when, after this instant, the next message is to be sent; None when none waits."""
        found = self._messages.find_one(
            {"state": MessageState.QUEUED.value, "next_attempt_at": {"$gt": after}},
            {"next_attempt_at": 1},
            sort=[("next_attempt_at", ASCENDING)],
        )
        at: datetime | None = found["next_attempt_at"] if found else None
        return at

    def settle(self, message: Message) -> None:
        """Write what became of an attempt, and how many count."""
        document = MAPPER.to_document(message)
        self._messages.update_one(
            {"_id": message.id, "organisation_id": message.organisation_id},
            {"$set": {name: document[name] for name in SETTLED}},
        )

    def messages_of(self, scope: Scope, limit: int) -> list[Message]:
        """Return the family's latest messages, newest first."""
        of = {"organisation_id": scope.organisation_id, "family_id": {"$in": scope.family_ids}}
        rows = self._messages.find(of)
        return [
            MAPPER.from_document(Message, row) for row in rows.sort("created_at", DESCENDING).limit(limit)
        ]

    def read(self, scope: Scope, message_id: str, account_id: str) -> Message | None:
        """Return one of the family's messages, which this account has read from now on, or None."""
        of = {"organisation_id": scope.organisation_id, "family_id": {"$in": scope.family_ids}}
        row = self._messages.find_one_and_update(
            {"_id": message_id, **of},
            {"$addToSet": {"read_by": account_id}},
            return_document=ReturnDocument.AFTER,
        )
        return MAPPER.from_document(Message, row) if row else None
