"""A trial: a command works on a copy of what a service keeps, so that it can say exactly what it would do.

The copy lies in the same database, for a service's user may write in no other, in collections of a name that
no store knows. Nothing of it is sent: the relay reads one outbox, and this is another. It is deleted at the
end, and one that a killed run left behind by a run some hours later.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pymongo
from pymongo.collection import Collection
from pymongo.database import Database

from chassis.storage.documents.form import Document
from chassis.storage.mongo import Db
from chassis.values.clock import Clock

PREFIX = "trial_"
COPY_MAX_S = 600
FORGOTTEN_AFTER_S = 6 * 3600
"""When a copy is taken for one that a killed run left behind: no import takes so long."""
NOT_COPIED = ("inbox", "outbox", "migrations")


class _Copy(Database[Document]):
    """A database whose collections are those of one trial."""

    def __init__(self, database: Db, prefix: str) -> None:
        super().__init__(database.client, database.name)
        self._prefix = prefix

    def __getitem__(self, name: str) -> Collection[Document]:
        """Return the copy of a collection."""
        return Collection(self, self._prefix + name)


@contextmanager
def trial_of(database: Db, organisation_id: str | None = None) -> Iterator[Db]:
    """Yield a copy of a database: of what belongs to one organisation or to nobody, if one is given."""
    began_at = int(Clock().now().timestamp())
    prefix = f"{PREFIX}{began_at}_{secrets.token_hex(4)}_"
    _drop(database, lambda name: _began_at(name) < began_at - FORGOTTEN_AFTER_S)
    # what has no such field matches None too
    chosen = {} if organisation_id is None else {"organisation_id": {"$in": [organisation_id, None]}}
    try:
        with pymongo.timeout(COPY_MAX_S):
            for name in _kept(database):
                database[name].aggregate([{"$match": chosen}, {"$out": prefix + name}])
        yield _Copy(database, prefix)
    finally:
        _drop(database, lambda name: name.startswith(prefix))


def _kept(database: Db) -> list[str]:
    left_out = (PREFIX, "system.")
    names = database.list_collection_names()
    return [name for name in names if name not in NOT_COPIED and not name.startswith(left_out)]


def _began_at(name: str) -> int:
    """Return when the trial of a copied collection began, in seconds since 1970."""
    return int(name.removeprefix(PREFIX).partition("_")[0])


def _drop(database: Db, chosen: Callable[[str], bool]) -> None:
    for name in database.list_collection_names():
        if name.startswith(PREFIX) and chosen(name):
            database.drop_collection(name)
