"""The memory of what others say: organisations and families, as of the newest event."""

from dataclasses import asdict
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from chassis.storage.mongo import keep_newest
from notify.vocabulary import Contact, Family, Organisation

Document = dict[str, Any]


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

    def keep_organisation(self, organisation: Organisation, sequence: int) -> None:
        """Keep an organisation as of `sequence`; what is older than what is known changes nothing."""
        keep_newest(self._organisations, {"_id": organisation.id}, asdict(organisation), sequence)

    def organisation(self, organisation_id: str) -> Organisation | None:
        """Return the organisation, or None while nothing was heard of it."""
        found = self._organisations.find_one({"_id": organisation_id})
        return Organisation(*(found[name] for name in Organisation.__slots__)) if found else None

    def keep_family(self, organisation_id: str, family: Family, sequence: int) -> None:
        """Keep a family's contacts as of `sequence`; what is older than what is known changes nothing."""
        key = {"organisation_id": organisation_id, "family_id": family.id}
        keep_newest(self._families, key, asdict(family), sequence)

    def family(self, organisation_id: str, family_id: str) -> Family | None:
        """Return whom to write to, or None while nothing was heard of the family."""
        found = self._families.find_one({"organisation_id": organisation_id, "family_id": family_id})
        if found is None:
            return None
        contacts = tuple(Contact(one["name"], one["email"]) for one in found["contacts"])
        return Family(family_id, found["name"], found["language"], contacts)
