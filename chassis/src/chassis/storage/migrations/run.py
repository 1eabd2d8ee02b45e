"""Running the migrations that are due, one at a time over all copies of a service.

The collection `migrations` keeps one record for each that was run to its end, and the lease of whoever is at
it. A run that was killed leaves no record: the next one, once the lease has expired, goes on with the rest.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.storage.documents import Form, Mapper
from chassis.storage.lease import Lease
from chassis.storage.migrations.plan import Migration, Plan
from chassis.storage.mongo import Db
from chassis.values.clock import Clock

COLLECTION = "migrations"
LEASE = "lease"
LEASE_S = 15.0
"""Longer than any step takes, whose operations end within 3 s each."""
ASKED_AGAIN_AFTER_S = 0.2


class Busy(Exception):  # noqa: N818 - named for what the operator is told
    """Another copy has been migrating for as long as the caller was ready to wait."""


@dataclass(frozen=True, slots=True)
class Record:
    """A migration that was run to its end, and how many documents its last run changed."""

    number: int
    title: str
    began_at: datetime
    done_at: datetime
    documents: int


_MAPPER = Mapper(Form(Record, names={"number": "_id"}))


def records(database: Db) -> dict[int, Record]:
    """Return what was run, by number; a later release may have run more than this one knows."""
    found = database[COLLECTION].find({"_id": {"$type": "number"}})
    return {each["_id"]: _MAPPER.from_document(Record, each) for each in found}


def migrate(
    database: Db, plan: Plan, *, wait_s: float = 0.0, progress: Callable[[Migration, int], None] | None = None
) -> list[Record]:
    """Run what is due, in order, and return its records.

    While another copy is at it, ask again for `wait_s` seconds; then Busy is raised. `progress` is told how
    many documents of a migration have been changed so far.
    """
    lease = Lease(database[COLLECTION], LEASE, uuid.uuid4().hex, lasts_s=LEASE_S)
    lease.prepare()
    _take(lease, wait_s)
    try:
        done = records(database)
        due = [migration for migration in plan.migrations if migration.number not in done]
        return [_run(database, migration, lease, progress) for migration in due]
    finally:
        lease.release()


def _take(lease: Lease, wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    while not lease.held():
        if time.monotonic() >= deadline:
            raise Busy("another copy is migrating")
        time.sleep(ASKED_AGAIN_AFTER_S)


def _run(
    database: Db, migration: Migration, lease: Lease, progress: Callable[[Migration, int], None] | None
) -> Record:
    began_at, documents = Clock().now(), 0
    while changed := migration.step(database):
        documents += changed
        if progress is not None:
            progress(migration, documents)
        if not lease.held():
            raise Busy("this copy stood still for so long that another one took over")
    record = Record(migration.number, migration.title, began_at, Clock().now(), documents)
    # Whoever took over meanwhile, because this copy stood still in its last step, writes the same.
    database[COLLECTION].replace_one({"_id": record.number}, _MAPPER.to_document(record), upsert=True)
    return record
