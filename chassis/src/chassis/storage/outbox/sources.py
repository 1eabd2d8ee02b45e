"""Where events wait to be sent: the rows of a collection, or an array inside documents.

A source finds what waits and marks what was sent. It knows no broker.
"""

from collections.abc import Callable, Sequence
from collections.abc import Collection as Several
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bson import ObjectId
from pymongo.collection import Collection

from chassis.running.gauges import COUNT_MAX
from chassis.storage import mongo
from chassis.storage.documents.form import Document
from chassis.storage.expiry import let_go
from chassis.storage.mongo import Db
from chassis.storage.outbox import rows
from chassis.values.actor import Actor
from chassis.values.clock import Clock
from chassis.values.event import Event

BATCH_ROWS = 200
BATCH_DOCUMENTS = 50
DOCUMENTS_COUNTED_MAX = 1_000
REPUBLISHED_S = 30 * 86_400
"""For so long after an event was sent, it can be sent again as it was."""
SENT_ROWS_KEPT_S = REPUBLISHED_S + 86_400
"""A day longer, so that what is republished at the last moment still leaves after an outage of the broker."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that waits, and where; without an `event` nobody subscribes to it: it is only marked."""

    name: str
    event: Event | None
    document_id: Any
    entry_id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the relay asks for: names that have subscribers, names and documents that back off."""

    subscribed: Several[str]
    backing_off: Several[str] = ()
    troubled: Several[Any] = ()


@dataclass(frozen=True, slots=True)
class DocumentEvents:
    """A document of `collection` and those entries of its array that wait, oldest first."""

    collection: str
    document: Document
    entries: list[Document]


class Trouble(Exception):  # noqa: N818 - named for what the relay must do about it
    """One document, `document_id`, can't be sent because the service's own code broke on it."""

    def __init__(self, document_id: object) -> None:
        super().__init__(document_id)
        self.document_id = document_id


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many entries wait, as far as they are counted, and since when the oldest; None: nothing waits."""

    waiting: int
    since: datetime | None


Project = Callable[[Db, list[DocumentEvents]], None]
"""Brings what follows from the entries into the service's projections. It may see an entry twice."""

Complete = Callable[[Db, list[DocumentEvents]], list[DocumentEvents]]
"""Puts beside the entries what their documents keep elsewhere, before they are projected and sent."""

ToEvent = Callable[[Db, Document, Document], Document]
"""(database, document, entry) → the event as `outbox.row` makes it, with the same event_id at every call."""


class Source(Protocol):
    """What the relay needs of a source."""

    @property
    def name(self) -> str:
        """Return what its lease is called."""

    def ensure_indexes(self, database: Db) -> None:
        """Create the indexes by which waiting events are found."""

    def waits(self, database: Db) -> bool:
        """Say whether there is anything to send; asked every two seconds at least, of an index."""

    def read(self, database: Db, wanted: Wanted) -> list[Waiting]:
        """Return the next entries that wait, in order per aggregate; raises Trouble for one that breaks."""

    def mark(self, database: Db, sent: Sequence[Waiting]) -> None:
        """Remember that these were sent."""

    def backlog(self, database: Db) -> Backlog:
        """Return how much waits; asked when somebody looks at the metrics page."""


@dataclass(frozen=True)
class Rows:
    """Events as rows of a collection of their own, inserted in the transaction of the effect."""

    collection: str = "outbox"

    @property
    def name(self) -> str:
        """Return what its lease is called."""
        return self.collection

    def ensure_indexes(self, database: Db) -> None:
        """One index holds the rows that wait and nothing else; the other lets sent rows go after 31 days."""
        collection = database[self.collection]
        collection.create_index("pending", sparse=True, name="outbox_pending")
        let_go(
            collection,
            "sent_at",
            SENT_ROWS_KEPT_S,
            name="outbox_sent_kept_31_days",
            instead_of="outbox_sent_kept",
        )

    def waits(self, database: Db) -> bool:
        """Say whether the index has an entry."""
        return database[self.collection].find_one({"pending": {"$exists": True}}, {"_id": 1}) is not None

    def read(self, database: Db, wanted: Wanted) -> list[Waiting]:
        """Return the oldest rows that wait."""
        query: Document = {"pending": {"$exists": True}}
        if wanted.backing_off:
            query["name"] = {"$nin": list(wanted.backing_off)}
        if wanted.troubled:
            query["_id"] = {"$nin": list(wanted.troubled)}
        found = database[self.collection].find(query).sort("pending", 1).limit(BATCH_ROWS)
        return [self._waiting(row, wanted) for row in found]

    def mark(self, database: Db, sent: Sequence[Waiting]) -> None:
        """Keep the rows, no longer pending, with the instant at which they were sent first."""
        _marking(database, self.collection).update_many(
            {"_id": {"$in": [waiting.document_id for waiting in sent]}},
            # The first time counts: else what is republished again and again outlives the consumers' inbox.
            {"$min": {"sent_at": Clock().now()}, "$unset": {"pending": ""}},
        )

    def backlog(self, database: Db) -> Backlog:
        """Count the entries of the index, 10,000 at most; their places say when they were taken."""
        rows_, waiting = database[self.collection], {"pending": {"$gt": ObjectId(bytes(12))}}
        first = rows_.find_one(waiting, {"_id": 0, "pending": 1}, sort=[("pending", 1)])
        if first is None:
            return Backlog(0, None)
        return Backlog(rows_.count_documents(waiting, limit=COUNT_MAX), first["pending"].generation_time)

    def _waiting(self, row: Document, wanted: Wanted) -> Waiting:
        event = Event.from_row(row) if row["name"] in wanted.subscribed else None
        return Waiting(row["name"], event, row["_id"], row["_id"])


def _marking(database: Db, collection: str) -> Collection[Document]:
    """Return the collection for marks, unjournaled: what is sent again without its mark is recognised."""
    return database[collection].with_options(write_concern=mongo.FOLLOWED)


def entry_to_event(_database: Db, document: Document, entry: Document) -> Document:
    """Return the row of an entry {id, name, at, sequence, data} of a document of an organisation."""
    return rows.row(
        entry["name"],
        context_or_org=document["organisation_id"],
        aggregate_id=str(entry.get("aggregate_id", document["_id"])),
        sequence=entry["sequence"],
        data=entry["data"],
        occurred_at=entry["at"],
        version=entry.get("version", 1),
        newer=entry.get("newer"),
        request_id=entry.get("request_id"),
        causation_id=entry.get("causation_id"),
        event_id=entry["id"],
        actor=Actor.read(entry["actor"]) if entry.get("actor") else None,
    )


@dataclass(frozen=True)
class Documents:
    """Events as entries of an array inside the documents that they are about.

    The very write of the effect adds them. Each entry has at least `id` (text, unique in the collection) and
    `name`; `complete` adds what the document does not keep, `to_event` turns an entry into an event when
    somebody subscribes to it. Documents are read whole unless `keep` lists the fields that these and
    `project` need (the array always comes).
    """

    collection: str
    field: str = "events"
    to_event: ToEvent | None = None
    complete: Complete | None = None
    project: Project | None = None
    keep: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what its lease is called."""
        return f"{self.collection}.{self.field}"

    def ensure_indexes(self, database: Db) -> None:
        """A sparse index: documents with an empty array are not in it."""
        index = f"{self.field}.id"
        database[self.collection].create_index(index, sparse=True, name=f"{self.field}_waiting")

    def waits(self, database: Db) -> bool:
        """Say whether the index has an entry."""
        return database[self.collection].find_one({f"{self.field}.id": {"$gt": ""}}, {"_id": 1}) is not None

    def read(self, database: Db, wanted: Wanted) -> list[Waiting]:
        """Project what waits, then return what of it is to be sent."""
        batch = self._batch(database, wanted)
        if batch:
            batch = self._projected(database, batch)
        return [waiting for document in batch for waiting in self._waiting(database, document, wanted)]

    def mark(self, database: Db, sent: Sequence[Waiting]) -> None:
        """Take exactly these entries out of their arrays; entries added meanwhile stay."""
        documents = list({waiting.document_id for waiting in sent})
        entries = [waiting.entry_id for waiting in sent]
        _marking(database, self.collection).update_many(
            {"_id": {"$in": documents}}, {"$pull": {self.field: {"id": {"$in": entries}}}}
        )

    def backlog(self, database: Db) -> Backlog:
        """Count the entries of the documents in the index, of 1,000 at most."""
        entries = f"${self.field}"
        stages: list[Document] = [
            {"$match": {f"{self.field}.id": {"$gt": ""}}},
            {"$limit": DOCUMENTS_COUNTED_MAX},
            {"$project": {"_id": 0, "count": {"$size": entries}, "since": {"$min": f"{entries}.at"}}},
            {"$group": {"_id": None, "count": {"$sum": "$count"}, "since": {"$min": "$since"}}},
        ]
        found = next(iter(database[self.collection].aggregate(stages)), None)
        return Backlog(0, None) if found is None else Backlog(int(found["count"]), found["since"])

    def _batch(self, database: Db, wanted: Wanted) -> list[DocumentEvents]:
        query: Document = {f"{self.field}.id": {"$gt": ""}}
        if wanted.backing_off:
            query[self.field] = {"$elemMatch": {"name": {"$nin": list(wanted.backing_off)}}}
        if wanted.troubled:
            query["_id"] = {"$nin": list(wanted.troubled)}
        fields = dict.fromkeys((*self.keep, self.field), 1) if self.keep else None
        documents = database[self.collection].find(query, fields).limit(BATCH_DOCUMENTS)
        return [
            DocumentEvents(
                self.collection,
                document,
                [entry for entry in document[self.field] if entry["name"] not in wanted.backing_off],
            )
            for document in documents
        ]

    def _projected(self, database: Db, batch: list[DocumentEvents]) -> list[DocumentEvents]:
        """Return them projected, all at once; where the service's code breaks, one by one to find which."""
        try:
            if self.complete is not None:
                batch = self.complete(database, batch)
            if self.project is not None:
                self.project(database, batch)
        except Exception as error:
            if mongo.is_outage(error):
                raise
            if len(batch) == 1:
                raise Trouble(batch[0].document["_id"]) from error
            return [done for one in batch for done in self._projected(database, [one])]
        return batch

    def _waiting(self, database: Db, found: DocumentEvents, wanted: Wanted) -> list[Waiting]:
        return [
            Waiting(
                entry["name"], self._event(database, found, entry, wanted), found.document["_id"], entry["id"]
            )
            for entry in found.entries
        ]

    def _event(self, database: Db, found: DocumentEvents, entry: Document, wanted: Wanted) -> Event | None:
        if entry["name"] not in wanted.subscribed:
            return None
        to_event = self.to_event or entry_to_event
        try:
            return Event.from_row(to_event(database, found.document, entry))
        except Exception as error:
            if mongo.is_outage(error):
                raise
            raise Trouble(found.document["_id"]) from error
