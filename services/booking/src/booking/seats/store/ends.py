"""The migration that gives the slots of earlier releases the end of their care."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from pymongo import UpdateOne
from pymongo.database import Database

from booking.offer.rules.deadlines import wall_instant
from booking.seats.store.collection import COLLECTION
from chassis.storage.documents import Document
from chassis.storage.migrations.plan import BATCH

Leaves = Mapping[tuple[str, str], str]
"""When children leave, on the wall clock, by activity and part of the day."""


def add_ends(database: Database[Document]) -> int:
    """Return of how many days some slots got their end: as is offered today, else null, for unknown."""
    lacking = {"slots": {"$elemMatch": {"ends_at": {"$exists": False}}}}
    shown = {"organisation_id": 1, "day": 1, "slots": 1}
    days = list(database[COLLECTION].find(lacking, shown).limit(BATCH))
    zones = {row["_id"]: ZoneInfo(row["time_zone"]) for row in database["organisations"].find()}
    leaves = {
        (row["_id"], part["day_part"]): part["leaves"]
        for row in database["activities"].find({}, {"parts": 1})
        for part in row["parts"]
    }
    updates = [_update(day, leaves, zones.get(day["organisation_id"])) for day in days]
    if updates:
        database[COLLECTION].bulk_write(updates, ordered=False)
    return len(days)


def _update(day: Mapping[str, Any], leaves: Leaves, zone: ZoneInfo | None) -> UpdateOne:
    """Set the ends of a day's slots, unless somebody has opened the day anew meanwhile."""
    filters, ends = list[Mapping[str, Any]](), Document()
    for place, slot in enumerate(day["slots"]):
        if "ends_at" not in slot:
            hour, on = leaves.get((slot["activity_id"], slot["day_part"])), date.fromisoformat(day["day"])
            ends[f"slots.$[s{place}].ends_at"] = (
                wall_instant(on, time.fromisoformat(hour), zone) if hour and zone else None
            )
            filters.append({f"s{place}.id": slot["id"], f"s{place}.ends_at": {"$exists": False}})
    return UpdateOne({"_id": day["_id"]}, {"$set": ends, "$inc": {"version": 1}}, array_filters=filters)
