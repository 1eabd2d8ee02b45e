"""Booking's copy of the organisations, fed by identity's events."""

from typing import Any

from pymongo.database import Database

from booking.model.people import Organisation
from chassis.storage.mongo import keep_newest
from chassis.values.context import Context


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
