"""The memory of files, and how anything imported is kept with the event that tells of it.

Every method takes the context, or for imports the organisation's id, and adds it to its filter; every index
leads with it. Days are ISO text, which sorts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Generic, Protocol, TypeVar

from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection as MongoCollection
from pymongo.database import Database

from chassis.running.failpoints import failpoint
from chassis.storage import outbox
from chassis.storage.mongo import COMMAND_PATIENCE_S, in_transaction
from chassis.values.context import Context
from chassis.values.tables import in_batches
from family.files.model import Family
from family.vocabulary import Occasion

Document = dict[str, Any]

TOLD_AT_ONCE = 500
INDEXES = [IndexModel([("organisation_id", ASCENDING), ("reference", ASCENDING)], unique=True)]


class Thing(Protocol):
    """What is kept with an event: it belongs to an organisation."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def organisation_id(self) -> str:
        """Whose it is."""


T = TypeVar("T", bound=Thing)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """How things of one kind are kept: where, how they are laid out and read, and the event that tells so."""

    collection: MongoCollection[Document]
    lay_out: Callable[[T], Document]
    read: Callable[[Document], T]
    event: str
    growth: int = 1
    """By how much a write raises the sequence: by nothing where the event counts changes of others too."""


class FileStore:
    """Family files, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.families.create_indexes(INDEXES)

    def family(self, context: Context) -> Family | None:
        """Find the family of the person who asks."""
        found = {"_id": context.family_id, "organisation_id": context.organisation_id}
        document = self.database.families.find_one(found)
        return family_from(document) if document else None

    def known_ids(self, organisation_id: str, ids: Iterable[str]) -> set[str]:
        """Tell which of these ids stand in the organisation."""
        found = self.database.families.find(among(organisation_id, ids), {"_id": 1})
        return {document["_id"] for document in found}


def file_kind(database: Database[Document]) -> Kind[Family]:
    """Say how files are kept: their sequence counts the changes of their people too, and grows when told."""
    return Kind(database.families, document_of, family_from, "family_changed", growth=0)


def document_of(family: Family) -> Document:
    """Lay out what a file says; its id and organisation stand in the filter, which an upsert adds."""
    document = asdict(family)
    del document["id"], document["organisation_id"]
    return document


def family_from(document: Mapping[str, Any]) -> Family:
    """Read a file."""
    return Family(
        id=document["_id"],
        organisation_id=document["organisation_id"],
        reference=document["reference"],
        name=document["name"],
        language=document["language"],
        address_lines=tuple(document["address_lines"]),
        phones=tuple(document["phones"]),
    )


def keep(kind: Kind[T], occasion: Occasion, things: Sequence[T], describe: Callable[[T], Document]) -> int:
    """Keep things, each changed one with its event, whose data `describe` makes; how many changed."""
    database = kind.collection.database

    def work(session: ClientSession) -> int:
        changed = changed_of(kind, occasion, things, session)
        write(kind, changed, session)
        now = stored(kind.collection, occasion, [thing.id for thing in changed], session)
        rows = [event_row(kind.event, occasion, now[thing.id], describe(thing)) for thing in changed]
        if rows:
            database.outbox.insert_many(rows, session=session)
        return len(changed)

    return committed(database, work)


def tell_again(kind: Kind[T], occasion: Occasion, describe: Callable[[T], Document]) -> int:
    """Tell all things of a kind as they stand, under the sequences they have; how many.

    Who has heard that sequence, or a later one, lets it pass.
    """
    found = list(kind.collection.find(of(occasion)))
    for batch in in_batches(found, TOLD_AT_ONCE):
        rows = [event_row(kind.event, occasion, each, describe(kind.read(each))) for each in batch]
        kind.collection.database.outbox.insert_many(rows)
    return len(found)


def committed(database: Database[Document], work: Callable[[ClientSession], int]) -> int:
    """Do the work of one step of an import in a transaction; what it gives."""

    def whole(session: ClientSession) -> int:
        count = work(session)
        failpoint("family.import.inside_commit")
        return count

    failpoint("family.import.before_commit")
    count = in_transaction(database, whole, COMMAND_PATIENCE_S)
    failpoint("family.import.after_commit")
    return count


def of(occasion: Occasion) -> Document:
    """Give the filter of an organisation."""
    return {"organisation_id": occasion.organisation_id}


def among(organisation_id: str, ids: Iterable[str]) -> Document:
    """Give the filter of several ids of an organisation."""
    return {"_id": {"$in": list(ids)}, "organisation_id": organisation_id}


def stored(
    collection: MongoCollection[Document],
    occasion: Occasion,
    ids: Iterable[str],
    session: ClientSession | None,
) -> dict[str, Document]:
    """Find those of the ids that stand, with all that is kept of them."""
    found = collection.find(among(occasion.organisation_id, ids), session=session)
    return {document["_id"]: document for document in found}


def changed_of(kind: Kind[T], occasion: Occasion, things: Sequence[T], session: ClientSession) -> list[T]:
    """Give those of the things that do not stand so already."""
    found = stored(kind.collection, occasion, [thing.id for thing in things], session)
    return [thing for thing in things if thing.id not in found or kind.read(found[thing.id]) != thing]


def write(kind: Kind[T], things: Sequence[T], session: ClientSession) -> None:
    """Write things whole. A sequence counts the changes."""
    writes = [
        UpdateOne(
            {"_id": thing.id, "organisation_id": thing.organisation_id},
            {"$set": kind.lay_out(thing), "$inc": {"sequence": kind.growth}},
            upsert=True,
        )
        for thing in things
    ]
    if writes:
        kind.collection.bulk_write(writes, ordered=False, session=session)


def event_row(event_name: str, occasion: Occasion, stored: Document, data: Document) -> Document:
    """Make the event about what is stored."""
    return outbox.row(
        event_name,
        context_or_org=occasion.organisation_id,
        aggregate_id=stored["_id"],
        sequence=stored["sequence"],
        data=data,
        occurred_at=occasion.now,
        request_id=occasion.request_id,
    )
