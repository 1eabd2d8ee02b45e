"""The memory of what others say: organisations and families, as of the newest event."""

from pymongo import ASCENDING
from pymongo.database import Database

from chassis.storage.documents import Document, Form, Mapper
from chassis.storage.mongo import keep_newest
from chassis.values.scope import Scope
from notify.vocabulary import Contact, Family, Organisation

MAPPER = Mapper(Form(Organisation), Form(Family), Form(Contact, sparse={"guardian_id"}))


class CopyStore:
    """Organisations and families, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self._organisations = database["organisations"]
        self._families = database["families"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create the indexes: one per query below."""
        database["families"].create_index(
            [("organisation_id", ASCENDING), ("family_id", ASCENDING)], unique=True, name="family"
        )

    def keep_organisation(self, scope: Scope, organisation: Organisation, sequence: int) -> None:
        """Keep an organisation as of `sequence`; what is older than what is known changes nothing."""
        key = {"_id": scope.organisation_id}
        keep_newest(self._organisations, key, MAPPER.to_document(organisation), sequence)

    def organisation(self, scope: Scope) -> Organisation | None:
        """Return the organisation, or None while nothing was heard of it."""
        found = self._organisations.find_one({"_id": scope.organisation_id})
        return MAPPER.from_document(Organisation, found) if found else None

    def keep_family(self, scope: Scope, family: Family, sequence: int) -> None:
        """Keep a family's contacts as of `sequence`; what is older than what is known changes nothing."""
        key = {"organisation_id": scope.organisation_id, "family_id": family.id}
        keep_newest(self._families, key, MAPPER.to_document(family), sequence)

    def family(self, scope: Scope, family_id: str) -> Family | None:
        """Return whom to write to, or None while nothing was heard of the family."""
        key = {"organisation_id": scope.organisation_id, "family_id": family_id}
        found = self._families.find_one(key)
        return MAPPER.from_document(Family, found) if found else None
