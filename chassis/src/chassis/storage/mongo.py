"""The database of a service: one client per container, its store, transactions, and what counts as an outage.

Collections, indexes and queries belong to each service's store.
"""

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

import pymongo
from nameko.extensions import DependencyProvider
from pymongo import MongoClient, ReadPreference, WriteConcern
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)
from pymongo.read_concern import ReadConcern

from chassis.running.gauges import Look
from chassis.running.pools import POOL, pool_readings
from chassis.running.settings import secret
from chassis.storage import inbox
from chassis.storage.connections import Connections
from chassis.storage.documents.form import Document

T = TypeVar("T")

Db = Database[Document]
"""A database as stores know it: its documents are dictionaries."""

OPERATION_MAX_MS = 3_000
PROBE_MAX_S = 1.5
SELECTION_MAX_MS = 1_500
"""Reaching a server; tried again, like all that may be repeated, while the 3 s last."""
MAJORITY = WriteConcern(w="majority", j=True)
FOLLOWED = WriteConcern(w=1)
"""For a write that a journaled one of the same process follows before anybody is told of it, or that is made
again when it is lost. The database keeps its log in order: a later write that is safe makes this one safe."""

_TOO_LARGE = {257, 388}  # TransactionTooLarge, TransactionTooLargeForCache
_COMING_OR_GOING = frozenset({134, 211, 14031})
"""ReadConcernMajorityNotAvailableYet and KeyNotFound, for a second after mongod came back; OutOfDiskSpace."""

DUPLICATE_KEY = 11_000

TRANSACTION_ATTEMPTS_MAX = 10
TRANSACTION_MAX_S = 4.0
COMMAND_PATIENCE_S = 30.0
"""Longer than mongod keeps the locks of a run that was killed in a transaction."""


class StoreClass(Protocol):
    """What a service's store must offer to be provided: made from a database, and knowing its indexes."""

    def __call__(self, database: Db) -> object:
        """Return the store of `database`."""

    def ensure_indexes(self, database: Db) -> None:
        """Create the indexes of `database`; called at every start, a staticmethod of the class."""


class Stores:
    """Stores of several classes over one database, as one thing that `Mongo` provides.

    The dependency that workers get is the mapping of each class to its one store.
    """

    def __init__(self, kinds: Sequence[StoreClass]) -> None:
        self._kinds = tuple(kinds)

    def __call__(self, database: Db) -> Mapping[StoreClass, object]:
        """Make one store of each class."""
        return {kind: kind(database) for kind in self._kinds}

    def ensure_indexes(self, database: Db) -> None:
        """Create the indexes of each store."""
        for kind in self._kinds:
            kind.ensure_indexes(database)


def connect(uri: str, connections: Connections | None = None) -> MongoClient[Document]:
    """Return a client whose writes are journaled by a majority and whose operations end within 3 s.

    `connections` hears of those that it opens, uses and closes.
    """
    return MongoClient(
        uri,
        connect=False,
        tz_aware=True,
        timeoutMS=OPERATION_MAX_MS,
        serverSelectionTimeoutMS=SELECTION_MAX_MS,
        connectTimeoutMS=SELECTION_MAX_MS,
        w="majority",
        journal=True,
        retryWrites=True,
        event_listeners=[connections] if connections else [],
    )


@contextmanager
def open_database(service_name: str) -> Iterator[Db]:
    """Yield what MONGODB_URI and MONGODB_DATABASE (by default the service) name; close it afterwards."""
    with connect(secret("MONGODB_URI")) as client:
        yield client[os.environ.get("MONGODB_DATABASE", service_name)]


class Mongo(DependencyProvider):
    """Inject the service's store: `Mongo(Store)` makes one `Store(database)` per container.

    Container configuration: MONGODB_URI and MONGODB_DATABASE, each falling back to the environment.
    """

    database: Db

    def __init__(self, store_class: StoreClass) -> None:
        self.store_class = store_class
        self.before_close: list[Callable[[], None]] = []

    def setup(self) -> None:
        """Connect and ensure the indexes; an absent database ends the start, which the supervisor repeats."""
        config = self.container.config
        name = config.get("MONGODB_DATABASE") or os.environ.get(
            "MONGODB_DATABASE", self.container.service_name
        )
        self.connections = Connections()
        self.client = connect(config.get("MONGODB_URI") or secret("MONGODB_URI"), self.connections)
        self.database = self.client[name]
        self.store_class.ensure_indexes(self.database)
        inbox.ensure_indexes(self.database)
        self.store = self.store_class(self.database)

    def stop(self) -> None:
        """Close the connections, after everybody who works by them (the relay) has finished."""
        for finish in self.before_close:
            finish()
        self.client.close()

    def kill(self) -> None:
        """Close the connections: a client left open keeps its monitors running."""
        self.client.close()

    def probe(self) -> None:
        """Ask the database whether it is there, for the readiness page; raises when it is silent."""
        with pymongo.timeout(PROBE_MAX_S):
            self.client.admin.command("ping")

    def looks(self) -> list[Look]:
        """Return the look at the client's connections."""
        return [Look((POOL,), lambda: pool_readings("database", *self.connections.count()))]

    def get_dependency(self, worker_ctx: object) -> object:  # noqa: ARG002 - nameko's signature
        """Return the one store, the same for every worker."""
        return self.store


def in_transaction(database: Db, work: Callable[[ClientSession], T], patience_s: float = 0) -> T:
    """Run `work(session)` in a snapshot/majority transaction and return its result.

    `work` may run several times: transient errors and commits of unknown result are repeated with jitter, at
    most 10 times and 4 s, or for `patience_s` where nobody waits; then the last error is raised. Anything
    else that `work` raises aborts and is raised at once.
    """
    began = time.monotonic()
    deadline, attempt = began + max(TRANSACTION_MAX_S, patience_s), 0
    with database.client.start_session() as session:
        while True:
            attempt += 1
            try:
                return _attempt(session, work, deadline)
            except PyMongoError as error:
                tired = attempt >= TRANSACTION_ATTEMPTS_MAX and time.monotonic() >= began + patience_s
                last = tired or time.monotonic() >= deadline
                if last or not error.has_error_label("TransientTransactionError"):
                    raise
            backoff_s = min(0.2, 0.005 * 2 ** min(attempt, TRANSACTION_ATTEMPTS_MAX))
            time.sleep(random.uniform(0, backoff_s))  # noqa: S311 - jitter, not a secret


def _attempt(session: ClientSession, work: Callable[[ClientSession], T], deadline: float) -> T:
    session.start_transaction(
        read_concern=ReadConcern("snapshot"), write_concern=MAJORITY, read_preference=ReadPreference.PRIMARY
    )
    try:
        result = work(session)
        _commit(session, deadline)
    except BaseException:
        if session.in_transaction:
            session.abort_transaction()
        raise
    return result


def _commit(session: ClientSession, deadline: float) -> None:
    """Commit, and ask again while the answer is unknown: committing twice is harmless."""
    while True:
        try:
            return session.commit_transaction()
        except PyMongoError as error:
            if not error.has_error_label("UnknownTransactionCommitResult") or time.monotonic() >= deadline:
                raise
            time.sleep(0.02)


def insert_missing(collection: Collection[Document], documents: Sequence[Document]) -> list[Document]:
    """Insert the documents that are not there yet, in one round trip, and return those that are.

    Far cheaper than as many upserts where most are new.
    """
    if not documents:
        return []
    try:
        collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        failed = (error.details or {}).get("writeErrors", [])
        if not failed or any(each["code"] != DUPLICATE_KEY for each in failed):
            raise
        return [documents[each["index"]] for each in failed]
    return []


def keep_newest(
    collection: Collection[Document],
    who: Mapping[str, Any],
    values: Mapping[str, Any],
    sequence: int,
    *,
    part: str = "",
) -> None:
    """Set `values` and `sequence` in the document `who`, made if need be, unless an update as late is there.

    `who` names one document by a unique index. With `part`, a dotted place, the values and the sequence
    are those of that part alone: documents can be put together from words that count separately.
    """
    place = f"{part}." if part else ""
    older = {**who, f"{place}sequence": {"$not": {"$gte": sequence}}}
    newer = {
        "$set": {**{f"{place}{name}": value for name, value in values.items()}, f"{place}sequence": sequence}
    }
    try:
        collection.update_one(older, newer, upsert=True)
    except DuplicateKeyError:
        # The document is there: with a later update, or made this instant by one that may be older or
        # be about another part. The database itself repeats such an upsert only when all it asks is equality.
        collection.update_one(older, newer)


def is_outage(error: BaseException | None) -> bool:
    """Say whether `error` means that the database was not reached, too slow, or just coming or going.

    What collides at every attempt counts too: a process that was killed in a transaction leaves its documents
    locked until mongod ends it (transactionLifetimeLimitSeconds). That passes, and nobody here is to blame.
    """
    if isinstance(error, DuplicateKeyError) or not isinstance(error, PyMongoError):
        return False
    lost = isinstance(error, ConnectionFailure | ExecutionTimeout | WriteConcernError)
    starting = isinstance(error, OperationFailure) and error.code in _COMING_OR_GOING
    return lost or starting or error.timeout or error.has_error_label("TransientTransactionError")


def is_too_large(error: BaseException | None) -> bool:
    """Say whether a transaction changed more than the database can hold: the same in parts may fit."""
    if not isinstance(error, OperationFailure):
        return False
    codes = {error.code, *(each.get("code") for each in (error.details or {}).get("writeErrors", ()))}
    return not codes.isdisjoint(_TOO_LARGE)
