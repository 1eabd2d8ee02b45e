"""The memory of the family service: the only room that knows MongoDB.

Every method takes the context, or for imports the organisation's id, and adds it to its filter; every index
leads with it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection as MongoCollection
from pymongo.database import Database

from chassis.running.failpoints import failpoint
from chassis.storage import outbox
from chassis.storage.mongo import COMMAND_PATIENCE_S, in_transaction
from chassis.values.context import Context
from chassis.values.tables import in_batches
from family.children.model import Child, Enrolment, Family, Guardian
from family.people.store import Document, child_from, document_of, enrolment_from, family_from, guardian_from

Thing = TypeVar("Thing", Family, Guardian, Child, Enrolment)

Kind = tuple[MongoCollection[Document], Callable[[Document], Thing], str, Callable[[Thing], Document]]
"""Where things of a kind lie, how they are read, the event that tells of them, and how it describes one."""

TOLD_AT_ONCE = 500

INDEXES = {
    "families": [IndexModel([("organisation_id", ASCENDING), ("reference", ASCENDING)], unique=True)],
    "guardians": [
        IndexModel([("organisation_id", ASCENDING), ("reference", ASCENDING)], unique=True),
        IndexModel([("organisation_id", ASCENDING), ("family_id", ASCENDING), ("reference", ASCENDING)]),
    ],
    "children": [
        IndexModel([("organisation_id", ASCENDING), ("reference", ASCENDING)], unique=True),
        IndexModel([("organisation_id", ASCENDING), ("family_ids", ASCENDING), ("birth_on", ASCENDING)]),
    ],
    "enrolments": [
        IndexModel([("organisation_id", ASCENDING), ("child_id", ASCENDING), ("school_year", ASCENDING)])
    ],
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and by which request something is kept, for the events that tell of it."""

    organisation_id: str
    now: datetime
    request_id: str


class Store:
    """Families, guardians, children and enrolments, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        for collection, indexes in INDEXES.items():
            database[collection].create_indexes(indexes)

    # ------------------------------------------------------------ what a family may see of itself

    def family(self, context: Context) -> Family | None:
        """Find the family of the person who asks."""
        found = {"_id": context.family_id, "organisation_id": context.organisation_id}
        document = self.database.families.find_one(found)
        return family_from(document) if document else None

    def guardians(self, context: Context) -> list[Guardian]:
        """List the guardians of the person's family."""
        found = {"organisation_id": context.organisation_id, "family_id": context.family_id}
        return [
            guardian_from(each) for each in self.database.guardians.find(found).sort("reference", ASCENDING)
        ]

    def children(self, context: Context) -> list[Child]:
        """List the children of the person's family by birth date, those it shares with another included."""
        found = {"organisation_id": context.organisation_id, "family_ids": context.family_id}
        return [child_from(each) for each in self.database.children.find(found).sort("birth_on", ASCENDING)]

    def enrolments(self, context: Context) -> list[Enrolment]:
        """List the enrolments of the family's children."""
        ids = [child.id for child in self.children(context)]
        found = {"organisation_id": context.organisation_id, "child_id": {"$in": ids}}
        order = [("child_id", ASCENDING), ("school_year", ASCENDING)]
        return [enrolment_from(each) for each in self.database.enrolments.find(found).sort(order)]

    # ------------------------------------------------------------ what imports keep

    def known_ids(self, organisation_id: str, collection: str, ids: Iterable[str]) -> set[str]:
        """Tell which of these ids stand in "families" or "children" of the organisation."""
        found = self.database[collection].find(_among(organisation_id, ids), {"_id": 1})
        return {document["_id"] for document in found}

    def keep_families(
        self,
        occasion: Occasion,
        families: Sequence[Family],
        guardians: Sequence[Guardian],
        describe: Callable[[Family, list[Guardian]], Document],
    ) -> int:
        """Keep imported files with their guardians; how many of both changed.

        Each file that changed, gained or lost a guardian is told once as family_changed, whose data
        `describe` makes; what stands already is left alone.
        """

        def work(session: ClientSession) -> int:
            changed = _changed(self.database.families, occasion, families, family_from, session)
            kept = _stored(self.database.guardians, occasion, [each.id for each in guardians], session)
            moved = [g for g in guardians if g.id not in kept or guardian_from(kept[g.id]) != g]
            _write(self.database.families, changed, session)
            _write(self.database.guardians, moved, session)
            touched = {family.id for family in changed} | {guardian.family_id for guardian in moved}
            touched |= {kept[guardian.id]["family_id"] for guardian in moved if guardian.id in kept}
            self._tell_families(occasion, touched, describe, session)
            return len(changed) + len(moved)

        return self._committed(work)

    def keep_children(
        self, occasion: Occasion, children: Sequence[Child], describe: Callable[[Child], Document]
    ) -> int:
        """Keep imported children, each changed one with its child_changed; how many changed."""
        return self._keep(occasion, children, (self.database.children, child_from, "child_changed", describe))

    def keep_enrolments(
        self, occasion: Occasion, enrolments: Sequence[Enrolment], describe: Callable[[Enrolment], Document]
    ) -> int:
        """Keep imported enrolments, each changed one with its enrolment_changed; how many changed."""
        kind = (self.database.enrolments, enrolment_from, "enrolment_changed", describe)
        return self._keep(occasion, enrolments, kind)

    def _keep(self, occasion: Occasion, things: Sequence[Thing], kind: Kind[Thing]) -> int:
        collection, read, event_name, describe = kind

        def work(session: ClientSession) -> int:
            changed = _changed(collection, occasion, things, read, session)
            _write(collection, changed, session)
            stored = _stored(collection, occasion, [thing.id for thing in changed], session)
            rows = [_row(event_name, occasion, stored[thing.id], describe(thing)) for thing in changed]
            if rows:
                self.database.outbox.insert_many(rows, session=session)
            return len(changed)

        return self._committed(work)

    def _committed(self, work: Callable[[ClientSession], int]) -> int:
        def whole(session: ClientSession) -> int:
            count = work(session)
            failpoint("family.import.inside_commit")
            return count

        failpoint("family.import.before_commit")
        count = in_transaction(self.database, whole, COMMAND_PATIENCE_S)
        failpoint("family.import.after_commit")
        return count

    def _tell_families(
        self,
        occasion: Occasion,
        ids: set[str],
        describe: Callable[[Family, list[Guardian]], Document],
        session: ClientSession,
    ) -> None:
        if not ids:
            return
        # One more for each, whether the file or only a guardian changed: the event's sequence counts both.
        self.database.families.update_many(
            _among(occasion.organisation_id, ids), {"$inc": {"sequence": 1}}, session=session
        )
        self.database.outbox.insert_many(self._family_rows(occasion, ids, describe, session), session=session)

    def _family_rows(
        self,
        occasion: Occasion,
        ids: Collection[str],
        describe: Callable[[Family, list[Guardian]], Document],
        session: ClientSession | None = None,
    ) -> list[Document]:
        guardians: dict[str, list[Guardian]] = {family_id: [] for family_id in ids}
        found = {**_of(occasion), "family_id": {"$in": list(ids)}}
        for document in self.database.guardians.find(found, session=session):
            guardians[document["family_id"]].append(guardian_from(document))
        return [
            _row("family_changed", occasion, document, describe(family_from(document), guardians[family_id]))
            for family_id, document in _stored(self.database.families, occasion, ids, session).items()
        ]

    # ------------------------------------------------------------ what is told again

    def tell_families_again(
        self, occasion: Occasion, describe: Callable[[Family, list[Guardian]], Document]
    ) -> int:
        """Tell all files as they stand, under the sequences they have; how many.

        Who has heard that sequence, or a later one, lets it pass.
        """
        ids = [each["_id"] for each in self.database.families.find(_of(occasion), {"_id": 1})]
        for batch in in_batches(ids, TOLD_AT_ONCE):
            self.database.outbox.insert_many(self._family_rows(occasion, batch, describe))
        return len(ids)

    def tell_children_again(self, occasion: Occasion, describe: Callable[[Child], Document]) -> int:
        """Tell all children, as `tell_families_again` does."""
        return self._tell_again(occasion, (self.database.children, child_from, "child_changed", describe))

    def tell_enrolments_again(self, occasion: Occasion, describe: Callable[[Enrolment], Document]) -> int:
        """Tell all enrolments, as `tell_families_again` does."""
        kind = (self.database.enrolments, enrolment_from, "enrolment_changed", describe)
        return self._tell_again(occasion, kind)

    def _tell_again(self, occasion: Occasion, kind: Kind[Thing]) -> int:
        collection, read, event_name, describe = kind
        stored = list(collection.find(_of(occasion)))
        for batch in in_batches(stored, TOLD_AT_ONCE):
            rows = [_row(event_name, occasion, each, describe(read(each))) for each in batch]
            self.database.outbox.insert_many(rows)
        return len(stored)


def _of(occasion: Occasion) -> Document:
    return {"organisation_id": occasion.organisation_id}


def _among(organisation_id: str, ids: Iterable[str]) -> Document:
    return {"_id": {"$in": list(ids)}, "organisation_id": organisation_id}


def _stored(
    collection: MongoCollection[Document],
    occasion: Occasion,
    ids: Iterable[str],
    session: ClientSession | None,
) -> dict[str, Document]:
    found = collection.find(_among(occasion.organisation_id, ids), session=session)
    return {document["_id"]: document for document in found}


def _changed(
    collection: MongoCollection[Document],
    occasion: Occasion,
    things: Sequence[Thing],
    read: Callable[[Document], Thing],
    session: ClientSession,
) -> list[Thing]:
    stored = _stored(collection, occasion, [thing.id for thing in things], session)
    return [thing for thing in things if thing.id not in stored or read(stored[thing.id]) != thing]


def _write(collection: MongoCollection[Document], things: Sequence[Thing], session: ClientSession) -> None:
    """Write things whole. A sequence counts the changes; that of a family grows when it is told."""
    growth = 0 if collection.name in {"families", "guardians"} else 1
    writes = [
        UpdateOne(
            {"_id": thing.id, "organisation_id": thing.organisation_id},
            {"$set": document_of(thing), "$inc": {"sequence": growth}},
            upsert=True,
        )
        for thing in things
    ]
    if writes:
        collection.bulk_write(writes, ordered=False, session=session)


def _row(event_name: str, occasion: Occasion, stored: Document, data: Document) -> Document:
    return outbox.row(
        event_name,
        context_or_org=occasion.organisation_id,
        aggregate_id=stored["_id"],
        sequence=stored["sequence"],
        data=data,
        occurred_at=occasion.now,
        request_id=occasion.request_id,
    )
