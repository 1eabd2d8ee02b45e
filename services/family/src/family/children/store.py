"""The memory of children."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from chassis.values.context import Context
from family.children.model import Child
from family.files import store as files
from family.files.store import Kind
from family.vocabulary import Occasion

Document = dict[str, Any]

INDEXES = [
    IndexModel([("organisation_id", ASCENDING), ("reference", ASCENDING)], unique=True),
    IndexModel([("organisation_id", ASCENDING), ("family_ids", ASCENDING), ("birth_on", ASCENDING)]),
]


class ChildStore:
    """Children, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database
        self._kind = Kind(database.children, document_of, child_from, "child_changed")

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.children.create_indexes(INDEXES)

    def children(self, context: Context) -> list[Child]:
        """List the children of the person's family by birth date, those it shares with another included."""
        found = {"organisation_id": context.organisation_id, "family_ids": context.family_id}
        return [child_from(each) for each in self.database.children.find(found).sort("birth_on", ASCENDING)]

    def known_ids(self, organisation_id: str, ids: Iterable[str]) -> set[str]:
        """Tell which of these ids stand in the organisation."""
        found = self.database.children.find(files.among(organisation_id, ids), {"_id": 1})
        return {document["_id"] for document in found}

    def keep_children(
        self, occasion: Occasion, children: Sequence[Child], describe: Callable[[Child], Document]
    ) -> int:
        """Keep imported children, each changed one with its child_changed; how many changed."""
        return files.keep(self._kind, occasion, children, describe)

    def tell_children_again(self, occasion: Occasion, describe: Callable[[Child], Document]) -> int:
        """Tell all children, as `tell_families_again` does."""
        return files.tell_again(self._kind, occasion, describe)


def document_of(child: Child) -> Document:
    """Lay out what a child says; its id and organisation stand in the filter, which an upsert adds."""
    document = asdict(child)
    del document["id"], document["organisation_id"]
    document["birth_on"] = child.birth_on.isoformat()
    return document


def child_from(document: Mapping[str, Any]) -> Child:
    """Read a child."""
    return Child(
        id=document["_id"],
        organisation_id=document["organisation_id"],
        reference=document["reference"],
        family_ids=tuple(document["family_ids"]),
        first_name=document["first_name"],
        last_name=document["last_name"],
        birth_on=date.fromisoformat(document["birth_on"]),
        school=document["school"],
        school_class=document["school_class"],
    )
