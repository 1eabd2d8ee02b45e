"""The memory of the adults of files. A file and its people are kept and told together."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chassis.storage.documents import Document, Form
from chassis.values.scope import Scope
from chassis.values.tables import in_batches
from family.files import store as files
from family.files.model import Family
from family.files.store import FileStore, keeping
from family.files.store.keeping import Kind, Stamp
from family.people import rules
from family.people.model import Guardian, Pivot

Describe = Callable[[Family, list[Guardian]], Document]
"""Makes the data of family_changed from a file and its people."""

PIVOT = Form(Pivot, sparse=True)
MAPPER = keeping.mapper_of(Guardian, PIVOT, sparse={"pivot"})
INDEXES = [
    IndexModel([("organisation_id", ASCENDING), ("reference", ASCENDING)], unique=True),
    IndexModel([("organisation_id", ASCENDING), ("family_id", ASCENDING), ("reference", ASCENDING)]),
]


class PeopleStore:
    """The adults of files, in one database; a file is told together with them."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database
        self._named = FileStore(database)
        self._files = files.kind_of_files(database)
        self._guardians = Kind(Guardian, database.guardians, MAPPER, "family_changed", 0, _completed)

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.guardians.create_indexes(INDEXES)

    def guardians(self, scope: Scope) -> list[Guardian]:
        """List the adults of the scope's family."""
        found = {**keeping.of(scope), "family_id": {"$in": list(self._named.names(scope))}}
        ordered = self.database.guardians.find(found).sort("reference", ASCENDING)
        return [self._guardians.read(each) for each in ordered]

    def known_ids(self, scope: Scope, ids: set[str]) -> set[str]:
        """Tell which of these ids of adults stand in the organisation."""
        found = self.database.guardians.find(keeping.among(scope, ids), {"_id": 1})
        return {document["_id"] for document in found}

    def keep_families(
        self,
        scope: Scope,
        stamp: Stamp,
        told: tuple[Sequence[Family], Sequence[Guardian]],
        describe: Describe,
    ) -> int:
        """Keep imported files with their adults; how many of both changed.

        Each file that changed, gained or lost an adult is told once as family_changed, whose data `describe`
        makes; what stands already is left alone.
        """
        families, guardians = told

        def work(session: ClientSession) -> int:
            changed = keeping.changed_of(self._files, scope, families, session)
            moved = keeping.changed_of(self._guardians, scope, guardians, session)
            before = keeping.stored(self.database.guardians, scope, [each.id for each in moved], session)
            keeping.write(self._files, changed, session)
            keeping.write(self._guardians, moved, session)
            touched = {family.id for family in changed} | {guardian.family_id for guardian in moved}
            touched |= {document["family_id"] for document in before.values()}
            self._tell(scope, stamp, touched, describe, session)
            return len(changed) + len(moved)

        return keeping.committed(self.database, work)

    def merge(
        self, scope: Scope, stamp: Stamp, from_id: str, into_id: str | None, describe: Describe
    ) -> None:
        """Have a file be an alias of another, or of none any more; both are told with the people they have.

        Nothing else is written: undoing a merge is to drop the alias.
        """

        def work(session: ClientSession) -> int:
            change = {"$set": {"merged_into": into_id}} if into_id else {"$unset": {"merged_into": ""}}
            before = self._named.aliases(scope, session)
            self.database.families.update_one(keeping.among(scope, [from_id]), change, session=session)
            touched = {from_id, into_id or before.get(from_id, from_id)}
            self._tell(scope, stamp, touched, describe, session)
            return 1

        keeping.committed(self.database, work)

    def republish(self, scope: Scope, stamp: Stamp, describe: Describe) -> int:
        """Tell all files as they stand, under the sequences they have; how many.

        Who has heard that sequence, or a later one, lets it pass.
        """
        ids = [each["_id"] for each in self.database.families.find(keeping.of(scope), {"_id": 1})]
        for batch in in_batches(ids, keeping.TOLD_AT_ONCE):
            self.database.outbox.insert_many(self._rows(scope, stamp, batch, describe))
        return len(ids)

    def _tell(
        self, scope: Scope, stamp: Stamp, ids: set[str], describe: Describe, session: ClientSession
    ) -> None:
        if not ids:
            return
        # One more for each, whether the file or only an adult changed: the version counts both.
        grown = {"$inc": {"sequence": 1}}
        self.database.families.update_many(keeping.among(scope, ids), grown, session=session)
        rows = self._rows(scope, stamp, ids, describe, session)
        self.database.outbox.insert_many(rows, session=session)

    def _rows(
        self,
        scope: Scope,
        stamp: Stamp,
        ids: Collection[str],
        describe: Describe,
        session: ClientSession | None = None,
    ) -> list[Document]:
        guardians: dict[str, list[Guardian]] = {family_id: [] for family_id in ids}
        found = {**keeping.of(scope), "family_id": {"$in": list(ids)}}
        for document in self.database.guardians.find(found, session=session):
            guardians[document["family_id"]].append(self._guardians.read(document))
        now = keeping.stored(self.database.families, scope, ids, session)
        return [
            keeping.event_row(
                "family_changed", stamp, each, describe(self._files.read(each), guardians[family_id])
            )
            for family_id, each in now.items()
        ]


def _completed(stored: Guardian, told: Guardian) -> Guardian:
    return replace(told, pivot=rules.completed(stored.pivot, told.pivot))
