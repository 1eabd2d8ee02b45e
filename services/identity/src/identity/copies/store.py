"""The memory of families, as of the newest event of each."""

from collections.abc import Collection

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.mongo import keep_newest
from chassis.values.cache import Cache
from chassis.values.scope import Scope
from identity.copies import rules
from identity.copies.model import Family

ALIASES_KEPT_S = 1.0
ORGANISATIONS_MAX = 1_000
MERGED = {"merged_into": {"$type": "string"}}

MAPPER = Mapper(Form(Family, names=KEY, unwritten={"id", "organisation_id"}))
INDEXES = [
    IndexModel(
        [("organisation_id", ASCENDING), ("merged_into", ASCENDING)],
        name="merged",
        partialFilterExpression=MERGED,
    )
]


class FamilyStore:
    """Families, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self._families = database["families"]
        self._aliases: Cache[str, dict[str, str]] = Cache(ALIASES_KEPT_S, ORGANISATIONS_MAX)

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database["families"].create_indexes(INDEXES)

    def keep_family(self, scope: Scope, family: Family, sequence: int) -> None:
        """Keep a family as of `sequence`; what is older than what is known changes nothing."""
        key = {"_id": family.id, "organisation_id": scope.organisation_id}
        keep_newest(self._families, key, MAPPER.to_document(family), sequence)

    def family_names(self, family_ids: Collection[str]) -> dict[str, str]:
        """Return what the families that an account itself belongs to are called, as far as was heard."""
        if not family_ids:
            return {}
        found = self._families.find({"_id": {"$in": list(family_ids)}}, {"name": 1})
        return {document["_id"]: document["name"] for document in found}

    def known_ids(self, family_ids: Collection[str]) -> set[str]:
        """Return which of these families were heard of."""
        return {each["_id"] for each in self._families.find({"_id": {"$in": list(family_ids)}}, {"_id": 1})}

    def also_called(self, scope: Scope) -> tuple[str, ...]:
        """Return the other ids of the file of the scope's family; it is asked at every call of a person."""
        if scope.family_id is None:
            return ()
        aliases = self._aliases.get_or(scope.organisation_id, lambda: self._merged(scope))
        return rules.also_called(scope.family_id, aliases)

    def _merged(self, scope: Scope) -> dict[str, str]:
        found = self._families.find({"organisation_id": scope.organisation_id, **MERGED}, {"merged_into": 1})
        return {document["_id"]: document["merged_into"] for document in found}
