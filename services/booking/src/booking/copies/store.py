"""Booking's copies of what others own: children with their enrolments, and organisations.

An enrolment may be heard before its child: the document then waits without families, seen by nobody.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from booking.copies.model import Child, Enrolment, Organisation
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.mongo import keep_newest
from chassis.values.cache import Cache
from chassis.values.errors import Refused
from chassis.values.scope import Scope

REMEMBERED_S = 1.0
"""A page asks for its children three times within a second; what is booked is checked as they are then."""
FAMILIES_MAX = 2_000
MAPPER = Mapper(Form(Organisation, names=KEY, unwritten={"id"}))


class Children:
    """One document per child; each part keeps the highest sequence that was heard of it."""

    def __init__(self, database: Database[Document]) -> None:
        self._rows = database["children"]
        self._families: Cache[tuple[str, ...], list[Child]] = Cache(REMEMBERED_S, FAMILIES_MAX)

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create the index of a family's children."""
        database["children"].create_index(
            [("organisation_id", ASCENDING), ("family_ids", ASCENDING)], name="children_of_family"
        )

    def keep(self, scope: Scope, child: Child, sequence: int) -> None:
        """Keep what family said of a child, unless something later was heard already."""
        values = {
            "family_ids": list(child.family_ids),
            "first_name": child.first_name,
            "last_name": child.last_name,
            "birth_on": child.birth_on.isoformat() if child.birth_on else None,
        }
        self._keep(scope, child.id, values, sequence)

    def keep_enrolment(
        self, scope: Scope, child_id: str, enrolment_id: str, enrolment: Enrolment, sequence: int
    ) -> None:
        """Keep what family said of an enrolment, unless something later was heard already."""
        values = {
            "activity_id": enrolment.activity_id,
            "school_year": enrolment.school_year,
            "state": enrolment.state,
        }
        self._keep(scope, child_id, values, sequence, part=f"enrolments.{enrolment_id}")

    def of_family(self, scope: Scope) -> list[Child]:
        """The children of the scope's family, the eldest first; a second old at most, to be shown."""
        if scope.family_id is None:
            return []
        file = (scope.organisation_id, *scope.family_ids)
        return self._families.get_or(file, lambda: self._read_family(scope))

    def own(self, scope: Scope, child_ids: Iterable[str]) -> dict[str, Child]:
        """The family's children of these ids.

        Anybody else's child is as absent as one that does not exist: Refused("not_found"). A second old at
        most: a confirmation looks again.
        """
        wanted = list(dict.fromkeys(child_ids))
        found = {child.id: child for child in self.of_family(scope)} if wanted else {}
        if not found.keys() >= set(wanted):
            raise Refused("not_found", "no such child")
        return {child_id: found[child_id] for child_id in wanted}

    def current(self, scope: Scope) -> dict[str, Child]:
        """The family's children by id, as they are now; nobody's where no family was heard of yet."""
        if scope.family_id is None:  # a child whose family was not heard of yet is not everybody's
            return {}
        return {row["_id"]: child_of(row) for row in self._rows.find(_of_file(scope))}

    def names(self, scope: Scope) -> dict[str, str]:
        """What the children of the scope's family are called today, by child; a second old at most."""
        return {child.id: child.name for child in self.of_family(scope)}

    def known(self, scope: Scope, child_ids: Collection[str]) -> dict[str, Child]:
        """Children of the organisation, whatever their families: for imports."""
        found = self._rows.find(
            {
                "_id": {"$in": list(child_ids)},
                "organisation_id": scope.organisation_id,
                "family_ids": {"$exists": True},
            }
        )
        return {row["_id"]: child_of(row) for row in found}

    def _read_family(self, scope: Scope) -> list[Child]:
        found = self._rows.find(_of_file(scope))
        return sorted(map(child_of, found), key=lambda one: (one.birth_on or date.max, one.first_name))

    def _keep(
        self, scope: Scope, child_id: str, values: dict[str, Any], sequence: int, part: str = ""
    ) -> None:
        who = {"_id": child_id, "organisation_id": scope.organisation_id}
        try:
            keep_newest(self._rows, who, values, sequence, part=part)
        finally:
            self._families.clear()


class Organisations:
    """One document per organisation, the one with the highest sequence."""

    def __init__(self, database: Database[Document]) -> None:
        self._rows = database["organisations"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create nothing: an organisation is found by its key."""

    def keep(self, scope: Scope, organisation: Organisation, sequence: int) -> None:
        """Keep what identity said, unless something later was heard already."""
        values = MAPPER.to_document(organisation)
        keep_newest(self._rows, {"_id": scope.organisation_id}, values, sequence)

    def find(self, scope: Scope) -> Organisation | None:
        """The scope's organisation."""
        row = self._rows.find_one({"_id": scope.organisation_id})
        return None if row is None else MAPPER.from_document(Organisation, row)


def _of_file(scope: Scope) -> Document:
    """How the children of a family's file are found, under whichever of its ids they stand."""
    return {"organisation_id": scope.organisation_id, "family_ids": {"$in": scope.family_ids}}


def child_of(row: Document) -> Child:
    """Read a child with its enrolments."""
    return Child(
        id=row["_id"],
        organisation_id=row["organisation_id"],
        family_ids=tuple(row["family_ids"]),
        first_name=row["first_name"],
        last_name=row["last_name"],
        birth_on=date.fromisoformat(row["birth_on"]) if row["birth_on"] else None,
        enrolments=tuple(
            Enrolment(e["activity_id"], e["school_year"], e["state"])
            for e in row.get("enrolments", {}).values()
        ),
    )
