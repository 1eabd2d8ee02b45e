"""How the events of seats become rows of the book, and are completed from these before they are sent."""

from collections.abc import Iterator
from dataclasses import replace

from pymongo import UpdateOne
from pymongo.database import Database

from booking.bookings.rules import GIVEN_UP, standing_after
from booking.seats.model import SeatEvent
from booking.vocabulary import FACTS, BookingState
from chassis.running.failpoints import failpoint
from chassis.storage.documents import Document
from chassis.storage.mongo import insert_missing
from chassis.storage.outbox import DocumentEvents

Db = Database[Document]
KEPT = ("confirmation_id", "line", "family_id", "account_id", *FACTS)
"""What a booking's first event brings for good, beside its own id."""
_NEVER_CHANGE = frozenset({"booking_id", *KEPT})
_GIVEN_UP = [state.value for state in GIVEN_UP]


def complete(database: Db, batch: list[DocumentEvents]) -> list[DocumentEvents]:
    """Put a booking's facts beside what its later events say: its first one, marked so, brought them."""
    told = {
        entry["aggregate_id"]: entry["data"]
        for found in batch
        for entry in found.entries
        if "family_id" in entry["data"]
    }
    missing = {entry["aggregate_id"] for found in batch for entry in found.entries} - told.keys()
    organisations = {found.document["organisation_id"] for found in batch}
    query = {"_id": {"$in": list(missing)}, "organisation_id": {"$in": list(organisations)}}
    rows = list(database["bookings"].find(query, dict.fromkeys(KEPT, 1))) if missing else []
    names = _names_today(database, {row["child_id"] for row in rows}, organisations)
    told |= {
        row["_id"]: {
            **row,
            "booking_id": row["_id"],
            "child_name": names.get(row["child_id"], row["child_name"]),
        }
        for row in rows
    }
    return [
        replace(found, entries=[_completed(entry, told[entry["aggregate_id"]]) for entry in found.entries])
        for found in batch
    ]


def _names_today(database: Db, child_ids: set[str], organisations: set[str]) -> dict[str, str]:
    """What children are called today: a name may have been put right since they were booked."""
    if not child_ids:
        return {}
    query = {"_id": {"$in": list(child_ids)}, "organisation_id": {"$in": list(organisations)}}
    known = database["children"].find(
        {**query, "first_name": {"$exists": True}}, {"first_name": 1, "last_name": 1}
    )
    return {row["_id"]: f"{row['first_name']} {row['last_name']}".strip() for row in known}


def _completed(entry: Document, facts: Document) -> Document:
    first = "family_id" in entry["data"]
    kept = {name: facts[name] for name in _NEVER_CHANGE}
    return {**entry, "first": first, "data": {**kept, **entry["data"]}}


def project(database: Db, batch: list[DocumentEvents]) -> None:
    """Fold waiting seat events into their bookings; an event that was folded in before changes nothing."""
    told = [(found.document, entry) for found in batch for entry in found.entries]
    rows = [_row(document, entry) for document, entry in told if entry["first"]]
    changes = [_change(document, entry) for document, entry in told if not entry["first"]]
    if told:
        failpoint("booking.project.before_write")
        insert_missing(database["bookings"], rows)
        if changes:
            database["bookings"].bulk_write(changes)
        failpoint("booking.project.after_write")


def _told(entry: Document) -> Document:
    own = {key: value for key, value in entry["data"].items() if key not in _NEVER_CHANGE}
    told = {"name": entry["name"], "sequence": entry["sequence"], "at": entry["at"], "data": own}
    # Who acted is there from this release on: a history can't be completed afterwards.
    return {**told, "actor": entry["actor"]} if entry.get("actor") else told


def _row(document: Document, entry: Document) -> Document:
    """A booking of its first event."""
    data, told = entry["data"], _told(entry)
    return {
        "_id": data["booking_id"],
        "organisation_id": document["organisation_id"],
        "seats_id": document["_id"],
        **{name: data[name] for name in KEPT},
        **_standing(told, None),
        "sequence": entry["sequence"],
        "history": [told],
    }


def _change(document: Document, entry: Document) -> UpdateOne:
    """Fold a later event into its booking."""
    sequence, told = entry["sequence"], _told(entry)
    who = {"_id": entry["data"]["booking_id"], "organisation_id": document["organisation_id"]}
    stands = {**_standing(told, None), "sequence": sequence}
    if "closing_id" in told["data"]:
        stands["closing_id"] = told["data"]["closing_id"]
    given_up = {"$in": ["$state", _GIVEN_UP if entry["name"] == SeatEvent.SEAT_LOST else []]}
    state = {"$cond": [given_up, "$state", stands.pop("state")]}
    history = {"$concatArrays": ["$history", [{"$literal": told}]]}
    folded = {"$mergeObjects": ["$$ROOT", {"$literal": stands}, {"state": state, "history": history}]}
    newer = {"$lt": ["$sequence", sequence]}
    return UpdateOne(who, [{"$replaceWith": {"$cond": [newer, folded, "$$ROOT"]}}])


def _standing(told: Document, before: BookingState | None) -> Document:
    standing = standing_after(SeatEvent(told["name"]), told["data"], before)
    return {"state": standing.state.value, "rank": standing.rank, "held_until": standing.held_until}


def was_before(row: Document, closing_id: str) -> str:
    """Say how a booking stood before a closing."""
    left = (told["data"] for told in row["history"] if told["data"].get("closing_id") == closing_id)
    return str(next(left)["was"])


def refolded(row: Document) -> Iterator[UpdateOne]:
    """Yield what puts a row right that is not what its history says."""
    right: Document = {}
    for told in sorted(row["history"], key=lambda told: int(told["sequence"])):
        before = BookingState(right["state"]) if right else None
        right = {**_standing(told, before), "sequence": told["sequence"]}
    if any(row[name] != value for name, value in right.items()):
        yield UpdateOne({"_id": row["_id"], "organisation_id": row["organisation_id"]}, {"$set": right})
