"""The memory of the adults of files. A file and its people are kept and told together."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chassis.values.context import Context
from chassis.values.tables import in_batches
from family.files import store as files
from family.files.model import Family
from family.files.store import Kind
from family.people.model import Guardian
from family.vocabulary import Occasion

Document = dict[str, Any]

INDEXES = [
    IndexModel([("organisation_id", ASCENDING), ("reference", ASCENDING)], unique=True),
    IndexModel([("organisation_id", ASCENDING), ("family_id", ASCENDING), ("reference", ASCENDING)]),
]


class PeopleStore:
    """The adults of files, in one database; a file is told together with them."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database
        self._files = files.file_kind(database)
        self._guardians = Kind(database.guardians, document_of, guardian_from, "family_changed", growth=0)

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.guardians.create_indexes(INDEXES)

    def guardians(self, context: Context) -> list[Guardian]:
        """List the guardians of the person's family."""
        found = {"organisation_id": context.organisation_id, "family_id": context.family_id}
        return [
            guardian_from(each) for each in self.database.guardians.find(found).sort("reference", ASCENDING)
        ]

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
            changed = files.changed_of(self._files, occasion, families, session)
            kept = files.stored(self.database.guardians, occasion, [each.id for each in guardians], session)
            moved = [g for g in guardians if g.id not in kept or guardian_from(kept[g.id]) != g]
            files.write(self._files, changed, session)
            files.write(self._guardians, moved, session)
            touched = {family.id for family in changed} | {guardian.family_id for guardian in moved}
            touched |= {kept[guardian.id]["family_id"] for guardian in moved if guardian.id in kept}
            self._tell(occasion, touched, describe, session)
            return len(changed) + len(moved)

        return files.committed(self.database, work)

    def _tell(
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
            files.among(occasion.organisation_id, ids), {"$inc": {"sequence": 1}}, session=session
        )
        self.database.outbox.insert_many(self._rows(occasion, ids, describe, session), session=session)

    def _rows(
        self,
        occasion: Occasion,
        ids: Collection[str],
        describe: Callable[[Family, list[Guardian]], Document],
        session: ClientSession | None = None,
    ) -> list[Document]:
        guardians: dict[str, list[Guardian]] = {family_id: [] for family_id in ids}
        found = {**files.of(occasion), "family_id": {"$in": list(ids)}}
        for document in self.database.guardians.find(found, session=session):
            guardians[document["family_id"]].append(guardian_from(document))
        return [
            files.event_row(
                "family_changed",
                occasion,
                document,
                describe(self._files.read(document), guardians[family_id]),
            )
            for family_id, document in files.stored(self.database.families, occasion, ids, session).items()
        ]

    def tell_families_again(
        self, occasion: Occasion, describe: Callable[[Family, list[Guardian]], Document]
    ) -> int:
        """Tell all files as they stand, under the sequences they have; how many.

        Who has heard that sequence, or a later one, lets it pass.
        """
        ids = [each["_id"] for each in self.database.families.find(files.of(occasion), {"_id": 1})]
        for batch in in_batches(ids, files.TOLD_AT_ONCE):
            self.database.outbox.insert_many(self._rows(occasion, batch, describe))
        return len(ids)


def document_of(guardian: Guardian) -> Document:
    """Lay out what a guardian says; its id and organisation stand in the filter, which an upsert adds."""
    document = asdict(guardian)
    del document["id"], document["organisation_id"]
    return document


def guardian_from(document: Mapping[str, Any]) -> Guardian:
    """Read a guardian."""
    return Guardian(
        id=document["_id"],
        organisation_id=document["organisation_id"],
        reference=document["reference"],
        family_id=document["family_id"],
        first_name=document["first_name"],
        last_name=document["last_name"],
        email=document["email"],
        phone=document["phone"],
        payer=document["payer"],
    )
