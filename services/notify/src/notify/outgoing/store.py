"""The memory of messages, each with its state.

Every query leads with the organisation, but for the postman's, who serves all of them.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from notify.outgoing.model import Message, State, Text
from notify.vocabulary import Contact, Kind

DUPLICATE_KEY = 11_000
LEASE_S = 20
"""A postman that dies leaves its message to the next one after so long."""

Document = dict[str, Any]


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
            partialFilterExpression={"state": State.QUEUED.value},
            name="due",
        )
        messages.create_index(
            [("created_at", DESCENDING)],
            partialFilterExpression={"state": State.FAILED.value},
            name="failed",
        )

    def keep_messages(self, messages: Iterable[Message]) -> None:
        """Queue messages; one whose dedupe key is known already is left out."""
        rows = [_document(message) for message in messages]
        if not rows:
            return
        try:
            self._messages.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            if any(one["code"] != DUPLICATE_KEY for one in error.details["writeErrors"]):
                raise

    def claim_due(self, now: datetime) -> Message | None:
        """Take the message that has waited longest; it comes back after its lease unless it is settled."""
        found = self._messages.find_one_and_update(
            {"state": State.QUEUED.value, "next_attempt_at": {"$lte": now}},
            {"$set": {"next_attempt_at": now + timedelta(seconds=LEASE_S)}, "$inc": {"attempts": 1}},
            sort=[("next_attempt_at", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return _message(found) if found else None

    def settle(
        self, message: Message, state: State, at: datetime, next_attempt_at: datetime | None, why: str
    ) -> None:
        """Write what became of an attempt, and how many count; `why` is the server's answer if it refused."""
        done = replace(
            message,
            state=state,
            next_attempt_at=next_attempt_at,
            sent_at=at if state is State.SENT else None,
        )
        self._messages.update_one(
            {"_id": message.id, "organisation_id": message.organisation_id},
            {
                "$set": {
                    "state": done.state.value,
                    "attempts": done.attempts,
                    "next_attempt_at": done.next_attempt_at,
                    "sent_at": done.sent_at,
                    "last_answer": why,
                }
            },
        )

    def messages_of(self, organisation_id: str, family_id: str, limit: int) -> list[Message]:
        """Return the family's latest messages, newest first."""
        rows = self._messages.find({"organisation_id": organisation_id, "family_id": family_id})
        return [_message(row) for row in rows.sort("created_at", DESCENDING).limit(limit)]


def _document(message: Message) -> Document:
    row = asdict(message)
    return {"_id": row.pop("id"), **row, "kind": message.kind.value, "state": message.state.value}


def _message(row: Document) -> Message:
    return Message(
        id=row["_id"],
        organisation_id=row["organisation_id"],
        family_id=row["family_id"],
        kind=Kind(row["kind"]),
        dedupe_key=row["dedupe_key"],
        recipient=Contact(**row["recipient"]),
        content=Text(**row["content"]),
        state=State(row["state"]),
        attempts=row["attempts"],
        created_at=row["created_at"],
        next_attempt_at=row["next_attempt_at"],
        sent_at=row["sent_at"],
    )
