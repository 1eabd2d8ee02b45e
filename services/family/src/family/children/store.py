"""The memory of children."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from chassis.storage.documents import Document
from chassis.values.scope import Scope
from family.children import rules
from family.children.model import Child
from family.files.store import FileStore, keeping
from family.files.store.keeping import Kind, Stamp
from family.people import rules as people
from family.people.store import PIVOT

Describe = Callable[[Child], Document]
"""Makes the data of child_changed."""

MAPPER = keeping.mapper_of(Child, PIVOT, sparse={"pivot", "named_family_ids"})
INDEXES = [
    IndexModel([("organisation_id", ASCENDING), ("reference", ASCENDING)], unique=True),
    IndexModel([("organisation_id", ASCENDING), ("family_ids", ASCENDING), ("birth_on", ASCENDING)]),
]


class ChildStore:
    """Children, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database
        self._named = FileStore(database)
        self._kind = Kind(Child, database.children, MAPPER, "child_changed", completed=_completed)

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.children.create_indexes(INDEXES)

    def children(self, scope: Scope) -> list[Child]:
        """List the children of the scope's family by birth date, those it shares with another included."""
        found = {**keeping.of(scope), "family_ids": {"$in": list(self._named.names(scope))}}
        return [
            self._kind.read(each) for each in self.database.children.find(found).sort("birth_on", ASCENDING)
        ]

    def known_ids(self, scope: Scope, ids: set[str]) -> set[str]:
        """Tell which of these ids stand in the organisation."""
        found = self.database.children.find(keeping.among(scope, ids), {"_id": 1})
        return {document["_id"] for document in found}

    def as_told(self, scope: Scope, ids: Sequence[str]) -> list[Child]:
        """List children of these ids, each in the files that an import named."""
        found = self.database.children.find(keeping.among(scope, ids))
        return [rules.as_told(self._kind.read(each)) for each in found]

    def ids(self, scope: Scope) -> list[str]:
        """List the children of the organisation; for an operator's import."""
        return [each["_id"] for each in self.database.children.find(keeping.of(scope), {"_id": 1})]

    def keep_children(self, scope: Scope, stamp: Stamp, children: Sequence[Child], describe: Describe) -> int:
        """Keep imported children, each changed one with its child_changed; how many changed."""
        return keeping.keep(self._kind, scope, stamp, children, describe)

    def republish(self, scope: Scope, stamp: Stamp, describe: Describe) -> int:
        """Tell all children as they stand, under the sequences they have; how many."""
        return keeping.republish(self._kind, scope, stamp, describe)


def _completed(stored: Child, told: Child) -> Child:
    known = replace(told, pivot=people.completed(stored.pivot, told.pivot))
    return rules.as_named(stored, known)
