"""Booking's copies of what others own: children with their enrolments, and organisations.

An enrolment may be heard before its child: the document then waits without families, seen by nobody.
"""

import time
from collections.abc import Collection
from datetime import date
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from booking.copies.model import Child, Enrolment, Organisation
from chassis.storage.mongo import keep_newest
from chassis.values.context import Context

REMEMBERED_S = 1.0
"""A page asks for its children three times within a second; what is booked is checked as they are then."""
FAMILIES_MAX = 2_000


class Children:
    """One document per child; each part keeps the highest sequence that was heard of it."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._rows = database["children"]
        self._remembered: dict[tuple[str | None, str | None], tuple[float, list[Child]]] = {}

    @staticmethod
    def ensure_indexes(database: Database[dict[str, Any]]) -> None:
        """Create the index of a family's children."""
        database["children"].create_index(
            [("organisation_id", ASCENDING), ("family_ids", ASCENDING)], name="children_of_family"
        )

    def keep(self, context: Context, child: Child, sequence: int) -> None:
        """Keep what family said of a child, unless something later was heard already."""
        values = {
            "family_ids": list(child.family_ids),
            "first_name": child.first_name,
            "last_name": child.last_name,
            "birth_on": child.birth_on.isoformat() if child.birth_on else None,
        }
        self._keep(context, child.id, values, sequence)

    def keep_enrolment(
        self, context: Context, child_id: str, enrolment_id: str, enrolment: Enrolment, sequence: int
    ) -> None:
        """Keep what family said of an enrolment, unless something later was heard already."""
        values = {
            "activity_id": enrolment.activity_id,
            "school_year": enrolment.school_year,
            "state": enrolment.state,
        }
        self._keep(context, child_id, values, sequence, part=f"enrolments.{enrolment_id}")

    def of_family(self, context: Context) -> list[Child]:
        """Find the children of the context's family, the eldest first; a second old at most, to be shown."""
        if context.family_id is None:
            return []
        family, now = (context.organisation_id, context.family_id), time.monotonic()
        read_at, children = self._remembered.get(family, (-REMEMBERED_S, []))
        if now - read_at >= REMEMBERED_S:
            found = self._rows.find({"organisation_id": family[0], "family_ids": family[1]})
            children = sorted(map(_child, found), key=lambda one: (one.birth_on or date.max, one.first_name))
            if len(self._remembered) >= FAMILIES_MAX:
                self._remembered.clear()
            self._remembered[family] = (now, children)
        return children

    def find(self, context: Context, child_ids: Collection[str]) -> dict[str, Child]:
        """Find those of the children that are the context's family's own, as they are now.

        Others are left out as if absent.
        """
        if context.family_id is None:  # a child whose family was not heard of yet is not everybody's
            return {}
        found = self._rows.find(
            {
                "_id": {"$in": list(child_ids)},
                "organisation_id": context.organisation_id,
                "family_ids": context.family_id,
            }
        )
        return {row["_id"]: _child(row) for row in found}

    def names(self, context: Context, child_ids: Collection[str]) -> dict[str, str]:
        """Find the names of children of the organisation, whatever their families: for imports."""
        found = self._rows.find(
            {
                "_id": {"$in": list(child_ids)},
                "organisation_id": context.organisation_id,
                "family_ids": {"$exists": True},
            },
            {"first_name": 1, "last_name": 1},
        )
        return {row["_id"]: f"{row['first_name']} {row['last_name']}".strip() for row in found}

    def _keep(
        self, context: Context, child_id: str, values: dict[str, Any], sequence: int, part: str = ""
    ) -> None:
        who = {"_id": child_id, "organisation_id": context.organisation_id}
        try:
            keep_newest(self._rows, who, values, sequence, part=part)
        finally:
            self._remembered.clear()


def _child(row: dict[str, Any]) -> Child:
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


class Organisations:
    """One document per organisation, the one with the highest sequence."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._rows = database["organisations"]

    def keep(self, context: Context, organisation: Organisation, sequence: int) -> None:
        """Keep what identity said, unless something later was heard already."""
        values = {
            "slug": organisation.slug,
            "name": organisation.name,
            "time_zone": organisation.time_zone,
            "language": organisation.language,
        }
        keep_newest(self._rows, {"_id": context.organisation_id}, values, sequence)

    def find(self, context: Context) -> Organisation | None:
        """Find the context's organisation."""
        row = self._rows.find_one({"_id": context.organisation_id})
        if row is None:
            return None
        return Organisation(
            id=row["_id"],
            slug=row["slug"],
            name=row["name"],
            time_zone=row["time_zone"],
            language=row["language"],
        )
