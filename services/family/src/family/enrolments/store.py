"""The memory of enrolments."""

from collections.abc import Callable, Sequence

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from chassis.storage.documents import Document
from chassis.values.scope import Scope
from family.children.store import ChildStore
from family.enrolments.model import Enrolment
from family.files.store import keeping
from family.files.store.keeping import Kind, Stamp

Describe = Callable[[Enrolment], Document]
"""Makes the data of enrolment_changed."""

MAPPER = keeping.mapper_of(Enrolment)
INDEXES = [IndexModel([("organisation_id", ASCENDING), ("child_id", ASCENDING), ("school_year", ASCENDING)])]


class EnrolmentStore:
    """Enrolments, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database
        self._children = ChildStore(database)
        self._kind = Kind(Enrolment, database.enrolments, MAPPER, "enrolment_changed")

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.enrolments.create_indexes(INDEXES)

    def enrolments(self, scope: Scope) -> list[Enrolment]:
        """List the enrolments of the children of the scope's family."""
        ids = [child.id for child in self._children.children(scope)]
        found = {**keeping.of(scope), "child_id": {"$in": ids}}
        order = [("child_id", ASCENDING), ("school_year", ASCENDING)]
        return [self._kind.read(each) for each in self.database.enrolments.find(found).sort(order)]

    def keep_enrolments(
        self, scope: Scope, stamp: Stamp, enrolments: Sequence[Enrolment], describe: Describe
    ) -> int:
        """Keep imported enrolments, each changed one with its enrolment_changed; how many changed."""
        return keeping.keep(self._kind, scope, stamp, enrolments, describe)

    def republish(self, scope: Scope, stamp: Stamp, describe: Describe) -> int:
        """Tell all enrolments as they stand, under the sequences they have; how many."""
        return keeping.republish(self._kind, scope, stamp, describe)
