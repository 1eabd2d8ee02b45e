"""The memory of enrolments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from chassis.values.context import Context
from family.children.store import ChildStore
from family.enrolments.model import Enrolment, EnrolmentState
from family.files import store as files
from family.files.store import Kind
from family.vocabulary import Occasion

Document = dict[str, Any]

INDEXES = [IndexModel([("organisation_id", ASCENDING), ("child_id", ASCENDING), ("school_year", ASCENDING)])]


class EnrolmentStore:
    """Enrolments, in one database."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database
        self._kind = Kind(database.enrolments, document_of, enrolment_from, "enrolment_changed")

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create what is missing; called at every start."""
        database.enrolments.create_indexes(INDEXES)

    def enrolments(self, context: Context) -> list[Enrolment]:
        """List the enrolments of the family's children."""
        ids = [child.id for child in ChildStore(self.database).children(context)]
        found = {"organisation_id": context.organisation_id, "child_id": {"$in": ids}}
        order = [("child_id", ASCENDING), ("school_year", ASCENDING)]
        return [enrolment_from(each) for each in self.database.enrolments.find(found).sort(order)]

    def keep_enrolments(
        self, occasion: Occasion, enrolments: Sequence[Enrolment], describe: Callable[[Enrolment], Document]
    ) -> int:
        """Keep imported enrolments, each changed one with its enrolment_changed; how many changed."""
        return files.keep(self._kind, occasion, enrolments, describe)

    def tell_enrolments_again(self, occasion: Occasion, describe: Callable[[Enrolment], Document]) -> int:
        """Tell all enrolments, as `tell_families_again` does."""
        return files.tell_again(self._kind, occasion, describe)


def document_of(enrolment: Enrolment) -> Document:
    """Lay out what an enrolment says; its id and organisation stand in the filter, which an upsert adds."""
    document = asdict(enrolment)
    del document["id"], document["organisation_id"]
    document["state"] = enrolment.state.value
    return document


def enrolment_from(document: Mapping[str, Any]) -> Enrolment:
    """Read an enrolment."""
    return Enrolment(
        id=document["_id"],
        organisation_id=document["organisation_id"],
        child_id=document["child_id"],
        activity_id=document["activity_id"],
        school_year=document["school_year"],
        state=EnrolmentState(document["state"]),
    )
