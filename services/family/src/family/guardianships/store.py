"""The memory of guardianships.

The release before does not know them: what follows from files is made anew after each import, and by a
migration for what was imported before.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from pymongo import ASCENDING, DeleteMany, IndexModel, UpdateOne
from pymongo.database import Database

from chassis.storage.documents import Document
from chassis.values.ids import named_id
from chassis.values.scope import Scope
from chassis.values.tables import in_batches
from family.children import store as children
from family.children.model import Child
from family.children.store import ChildStore
from family.files.store import keeping
from family.guardianships import rules
from family.guardianships.model import Guardianship
from family.people import store as people
from family.people.model import Guardian

CHILDREN_AT_ONCE = 500

MAPPER = keeping.mapper_of(Guardianship)
INDEXES = [
    IndexModel([("organisation_id", ASCENDING), ("child_id", ASCENDING)]),
    IndexModel([("organisation_id", ASCENDING), ("adult_id", ASCENDING)]),
]


class GuardianshipStore:
    """Guardianships, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.guardianships.create_indexes(INDEXES)

    def of_children(self, scope: Scope, child_ids: Sequence[str]) -> list[Guardianship]:
        """List the guardianships of some children."""
        found = {**keeping.of(scope), "child_id": {"$in": list(child_ids)}}
        ordered = self.database.guardianships.find(found).sort("_id", ASCENDING)
        return [MAPPER.from_document(Guardianship, each) for each in ordered]

    def state(self, scope: Scope, guardianships: Sequence[Guardianship]) -> int:
        """Keep what somebody stated; how many changed."""
        ids = [each.id for each in guardianships]
        found = keeping.stored(self.database.guardianships, scope, ids, None)
        before = {each: MAPPER.from_document(Guardianship, document) for each, document in found.items()}
        changed = [each for each in guardianships if before.get(each.id) != each]
        self._write(scope, changed, [])
        return len(changed)

    def follow_files(self, scope: Scope) -> int:
        """Have those stand that follow from the files of the organisation; how many changed."""
        ids = ChildStore(self.database).ids(scope)
        return sum(self.follow(scope, batch) for batch in in_batches(ids, CHILDREN_AT_ONCE))

    def in_files(self, scope: Scope, told: Sequence[Child], on: date) -> list[Child]:
        """Return children that an import tells in the files where they belong on a day."""
        stated = [each for each in self.of_children(scope, [one.id for one in told]) if each.stated]
        adults = [*self._adults_of(scope, told), *self._adults(scope, {each.adult_id for each in stated})]
        by_child: dict[str, dict[str, Guardianship]] = {one.id: {} for one in told}
        for one in told:
            by_child[one.id] |= {each.id: each for each in rules.implied(one, adults, _id_in(scope))}
        for each in stated:
            by_child[each.child_id][each.id] = each
        return [rules.in_files(one, by_child[one.id].values(), adults, on) for one in told]

    def follow(self, scope: Scope, child_ids: Sequence[str]) -> int:
        """Have those of some children stand that follow from their files; how many changed."""
        found = self.database.children.find(keeping.among(scope, child_ids))
        some = [children.MAPPER.from_document(Child, each) for each in found]
        adults = list(self._adults_of(scope, some))
        following = [each for child in some for each in rules.implied(child, adults, _id_in(scope))]
        changed, gone = rules.to_keep(self.of_children(scope, child_ids), following)
        self._write(scope, changed, gone)
        return len(changed) + len(gone)

    def _adults_of(self, scope: Scope, some: Sequence[Child]) -> Iterator[Guardian]:
        families = {family_id for child in some for family_id in child.told_family_ids}
        found = {**keeping.of(scope), "family_id": {"$in": list(families)}}
        for document in self.database.guardians.find(found).sort("reference", ASCENDING):
            yield people.MAPPER.from_document(Guardian, document)

    def _adults(self, scope: Scope, ids: Collection[str]) -> list[Guardian]:
        found = self.database.guardians.find(keeping.among(scope, ids))
        return [people.MAPPER.from_document(Guardian, each) for each in found]

    def _write(self, scope: Scope, changed: Sequence[Guardianship], gone: Sequence[str]) -> None:
        writes: list[UpdateOne | DeleteMany] = [
            UpdateOne(keeping.among(scope, [each.id]), {"$set": MAPPER.to_document(each)}, upsert=True)
            for each in changed
        ]
        if gone:
            writes.append(DeleteMany(keeping.among(scope, gone)))
        if writes:
            self.database.guardianships.bulk_write(writes, ordered=False)


def follow_files_of_some(database: Database[Document]) -> int:
    """Make the guardianships of some children that have none yet though their files have adults; how many.

    A step of a migration: for what the release before imported.
    """
    left = database.children.aggregate(
        [
            {
                "$lookup": {
                    "from": "guardianships",
                    "localField": "_id",
                    "foreignField": "child_id",
                    "as": "of",
                }
            },
            {"$match": {"of": []}},
            {
                "$lookup": {
                    "from": "guardians",
                    "localField": "family_ids",
                    "foreignField": "family_id",
                    "as": "adults",
                }
            },
            {"$match": {"adults.0": {"$exists": True}}},
            {"$limit": CHILDREN_AT_ONCE},
            {"$project": {"organisation_id": 1}},
        ]
    )
    by_organisation: dict[str, list[str]] = {}
    for each in left:
        by_organisation.setdefault(each["organisation_id"], []).append(each["_id"])
    store = GuardianshipStore(database)
    return sum(store.follow(Scope(each), ids) for each, ids in by_organisation.items())


def _id_in(scope: Scope) -> rules.NewId:
    return lambda adult_id, child_id: named_id(
        scope.organisation_id, "guardianship", f"{adult_id}/{child_id}"
    )
