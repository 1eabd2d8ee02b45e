"""How anything imported is kept, with the event that tells of it, and republished.

Days are ISO text, which sorts. A thing's id and its organisation stand in the filter of its write, from which
an upsert adds them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection as MongoCollection
from pymongo.database import Database

from chassis.running.failpoints import failpoint
from chassis.storage import outbox
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.mongo import COMMAND_PATIENCE_S, in_transaction
from chassis.values.actor import Actor
from chassis.values.scope import Scope
from chassis.values.tables import in_batches

TOLD_AT_ONCE = 500


class Thing(Protocol):
    """What is kept with an event: it belongs to an organisation."""

    @property
    def id(self) -> str:
        """Return its id."""

    @property
    def organisation_id(self) -> str:
        """Return whose it is."""


T = TypeVar("T", bound=Thing)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something was done, by whom and in which request: told with all that it changed."""

    at: datetime
    actor: Actor
    request_id: str


def _as_told(_stored: Any, told: Any) -> Any:
    return told


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """How things of one kind are kept: their class, where, how they are written, and the event that tells so.

    `growth` is by how much a write raises the sequence: by nothing where the event counts changes of others
    too. `completed` gives what is to be kept of what is stored and what an import says.
    """

    type: type[T]
    collection: MongoCollection[Document]
    mapper: Mapper
    event: str
    growth: int = 1
    completed: Callable[[T, T], T] = _as_told

    def read(self, document: Document) -> T:
        """Return the thing that a document holds."""
        return self.mapper.from_document(self.type, document)


def mapper_of(
    kind: type[Any],
    *inner: Form,
    names: Mapping[str, str] | None = None,
    unwritten: Collection[str] = (),
    sparse: Collection[str] = (),
) -> Mapper:
    """Return the mapper of a kind of things, whose id and organisation the filter adds."""
    form = Form(
        kind, names={**KEY, **(names or {})}, unwritten={"id", "organisation_id", *unwritten}, sparse=sparse
    )
    return Mapper(form, *inner)


def keep(
    kind: Kind[T], scope: Scope, stamp: Stamp, things: Sequence[T], describe: Callable[[T], Document]
) -> int:
    """Keep things, each changed one with its event, whose data `describe` makes; how many changed."""
    database = kind.collection.database

    def work(session: ClientSession) -> int:
        changed = changed_of(kind, scope, things, session)
        write(kind, changed, session)
        now = stored(kind.collection, scope, [thing.id for thing in changed], session)
        rows = [event_row(kind.event, stamp, now[thing.id], describe(thing)) for thing in changed]
        if rows:
            database.outbox.insert_many(rows, session=session)
        return len(changed)

    return committed(database, work)


def republish(kind: Kind[T], scope: Scope, stamp: Stamp, describe: Callable[[T], Document]) -> int:
    """Tell all things of a kind as they stand, under the sequences they have; how many.

    Who has heard that sequence, or a later one, lets it pass.
    """
    found = list(kind.collection.find(of(scope)))
    for batch in in_batches(found, TOLD_AT_ONCE):
        rows = [event_row(kind.event, stamp, each, describe(kind.read(each))) for each in batch]
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


def of(scope: Scope) -> Document:
    """Return the filter of an organisation."""
    return {"organisation_id": scope.organisation_id}


def among(scope: Scope, ids: Iterable[str]) -> Document:
    """Return the filter of several ids of an organisation."""
    return {"_id": {"$in": list(ids)}, **of(scope)}


def stored(
    collection: MongoCollection[Document],
    scope: Scope,
    ids: Iterable[str],
    session: ClientSession | None,
) -> dict[str, Document]:
    """Find those of the ids that stand, with all that is kept of them."""
    return {document["_id"]: document for document in collection.find(among(scope, ids), session=session)}


def changed_of(kind: Kind[T], scope: Scope, things: Sequence[T], session: ClientSession) -> list[T]:
    """Return those of the things that do not stand so already, as they are to be kept."""
    found = stored(kind.collection, scope, [thing.id for thing in things], session)
    before = {thing_id: kind.read(document) for thing_id, document in found.items()}
    wanted = [kind.completed(before[thing.id], thing) if thing.id in before else thing for thing in things]
    return [thing for thing in wanted if before.get(thing.id) != thing]


def write(kind: Kind[T], things: Sequence[T], session: ClientSession) -> None:
    """Write things whole. A sequence counts the changes."""
    writes = [
        UpdateOne(
            {"_id": thing.id, "organisation_id": thing.organisation_id},
            {"$set": kind.mapper.to_document(thing), "$inc": {"sequence": kind.growth}},
            upsert=True,
        )
        for thing in things
    ]
    if writes:
        kind.collection.bulk_write(writes, ordered=False, session=session)


def event_row(event_name: str, stamp: Stamp, now: Document, data: Document) -> Document:
    """Make the event about what is stored now."""
    return outbox.row(
        event_name,
        context_or_org=now["organisation_id"],
        aggregate_id=now["_id"],
        sequence=now["sequence"],
        data=data,
        occurred_at=stamp.at,
        request_id=stamp.request_id,
        actor=stamp.actor,
    )
