"""Booking's copy of the organisations, fed by identity's events."""

from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from booking.model.people import Organisation
from chassis.context import Context


class Organisations:
    """One document per organisation, the one with the highest sequence."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._rows = database["organisations"]

    def keep(self, context: Context, organisation: Organisation, sequence: int) -> None:
        """Keep what identity said, unless something later was heard already."""
        known = {"_id": context.organisation_id}
        try:
            self._rows.update_one(
                {**known, "sequence": {"$not": {"$gte": sequence}}},
                {
                    "$set": {
                        "slug": organisation.slug,
                        "name": organisation.name,
                        "time_zone": organisation.time_zone,
                        "language": organisation.language,
                        "sequence": sequence,
                    }
                },
                upsert=True,
            )
        except DuplicateKeyError:
            return  # a later one is there: the event came late

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
