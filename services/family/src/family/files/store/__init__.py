"""The memory of files and of what they are also called.

Every method takes a scope and adds its organisation to the filter; every index leads with it.
"""

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chassis.storage.documents import Document
from chassis.storage.organisation_settings import SettingsStore
from chassis.values.cache import Cache
from chassis.values.scope import Scope
from family.files import rules
from family.files.model import Family, FamilySettings
from family.files.store.keeping import Kind, among, mapper_of, of

ALIASES_KEPT_S = 1.0
ORGANISATIONS_MAX = 1_000

MAPPER = mapper_of(Family, names={"version": "sequence"}, unwritten={"version", "merged_into"})
INDEXES = [
    IndexModel([("organisation_id", ASCENDING), ("reference", ASCENDING)], unique=True),
    IndexModel(
        [("organisation_id", ASCENDING), ("merged_into", ASCENDING)],
        name="merged",
        partialFilterExpression={"merged_into": {"$exists": True}},
    ),
]


def kind_of_files(database: Database[Document]) -> Kind[Family]:
    """Return how files are kept: a version counts changes of the people too, and grows when it is told."""
    return Kind(Family, database.families, MAPPER, "family_changed", growth=0)


class FileStore:
    """Family files, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database
        self._aliases: Cache[str, dict[str, str]] = Cache(ALIASES_KEPT_S, ORGANISATIONS_MAX)

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.families.create_indexes(INDEXES)

    def family(self, scope: Scope) -> Family | None:
        """Find the file of the scope's family, or the one that it was merged into."""
        names = self.names(scope)
        found = self.database.families.find_one({"_id": names[0], **of(scope)}) if names else None
        return MAPPER.from_document(Family, found) if found else None

    def names(self, scope: Scope) -> tuple[str, ...]:
        """List the ids that mean the file of the scope's family; none for a scope without one."""
        if scope.family_id is None:
            return ()
        aliases = self._aliases.get_or(scope.organisation_id, lambda: self.aliases(scope))
        return rules.names_of(scope.family_id, aliases)

    def aliases(self, scope: Scope, session: ClientSession | None = None) -> dict[str, str]:
        """Return the files of the organisation that were merged, and into which."""
        merged = {**of(scope), "merged_into": {"$exists": True}}
        found = self.database.families.find(merged, {"merged_into": 1}, session=session)
        return {document["_id"]: document["merged_into"] for document in found}

    def known_ids(self, scope: Scope, ids: set[str]) -> set[str]:
        """Tell which of these ids stand in the organisation."""
        found = self.database.families.find(among(scope, ids), {"_id": 1})
        return {document["_id"] for document in found}

    def organisation_ids(self) -> list[str]:
        """List the organisations that have files; for an operator's command."""
        return [str(each) for each in self.database.families.distinct("organisation_id")]


class FamilySettingsStore(SettingsStore[FamilySettings]):
    """What organisations decide about their files."""

    kind = FamilySettings
    event = "family_settings_changed"
