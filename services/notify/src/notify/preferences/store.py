"""The memory of how people want to be written to: one document for each guardian who decided something."""

from collections.abc import Iterable

from pymongo import ASCENDING
from pymongo.database import Database

from chassis.storage.documents import Document, Form, Mapper
from chassis.values.scope import Scope
from notify.preferences.model import Preferences

MAPPER = Mapper(Form(Preferences))


class PreferencesStore:
    """Preferences of guardians, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self._preferences = database["preferences"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create the index of the one query below."""
        database["preferences"].create_index(
            [("organisation_id", ASCENDING), ("guardian_id", ASCENDING)], unique=True, name="of_guardian"
        )

    def put(self, scope: Scope, guardian_id: str, wanted: Preferences) -> None:
        """Keep what a guardian decides; the last word counts."""
        key = {"organisation_id": scope.organisation_id, "guardian_id": guardian_id}
        self._preferences.update_one(key, {"$set": MAPPER.to_document(wanted)}, upsert=True)

    def of(self, scope: Scope, guardian_ids: Iterable[str]) -> dict[str, Preferences]:
        """Return what guardians decided, by their ids; who decided nothing is not there."""
        found = self._preferences.find(
            {"organisation_id": scope.organisation_id, "guardian_id": {"$in": list(guardian_ids)}}
        )
        return {each["guardian_id"]: MAPPER.from_document(Preferences, each) for each in found}
