"""The seats documents in MongoDB: changing them, reading answers back, counters for calendars, overdue holds.

Every change is one atomic update of one document (``pipelines.py``); there is no transaction on
seats. The organisation leads every query and every index.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from pymongo import ReturnDocument, UpdateOne
from pymongo.errors import AutoReconnect

from booking.seats.model import Counters, SeatsDocument, Stamp
from booking.seats.store.documents import new_document, to_counters, to_seats
from booking.seats.store.expressions import all_of, any_of, each, joined, no, one_of, same, those, when
from booking.seats.store.looking import GAUGES, looked_at
from booking.seats.store.pipelines import Change, reshape, together
from chassis.running.gauges import Gauge, Reading
from chassis.storage.documents import Document
from chassis.values.scope import Scope

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession
    from pymongo.collection import Collection
    from pymongo.database import Database

COLLECTION = "seats"
OVERDUE_MAX = 200


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Whose entries a reader needs: those of one confirmation, of some children, and under some bookings."""

    confirmation_id: str = ""
    child_ids: tuple[str, ...] = ()
    booking_ids: tuple[str, ...] = ()


class Seats:
    """The seats documents of a database; writes take the write concern of the database they are made from.

    With the session of a transaction, children are looked at and changes are made within that one.
    """

    GAUGES: ClassVar[tuple[Gauge, ...]] = GAUGES

    def __init__(self, database: "Database[Document]", session: "ClientSession | None" = None) -> None:
        self._seats: Collection[Document] = database[COLLECTION]
        self._session = session

    @staticmethod
    def ensure_indexes(database: "Database[Document]") -> None:
        """Create the indexes: by pool and day, by each child who stands there, by the next hold to end."""
        seats = database[COLLECTION]
        seats.create_index([("organisation_id", 1), ("pool_id", 1), ("day", 1)], unique=True)
        for array in ("taken", "waiting", "asked"):
            seats.create_index([("organisation_id", 1), (f"{array}.child_id", 1), ("day", 1)])
        seats.create_index(
            [("organisation_id", 1), ("next_expiry_at", 1)],
            partialFilterExpression={"next_expiry_at": {"$type": "date"}},
        )

    def apply(self, changes: Iterable[Change]) -> None:
        """Make all changes in one bulk, each document atomically; made twice they are made once.

        Within a transaction they are made in their order, and all of them or none.
        """
        updates = list(together(changes))
        if not updates:
            return
        if self._session is not None:
            self._seats.bulk_write(updates, ordered=True, session=self._session)
            return
        try:
            self._seats.bulk_write(updates, ordered=False)
        except AutoReconnect:  # the driver itself repeats only what changes a single document
            self._seats.bulk_write(updates, ordered=False)

    def apply_reading(self, changes: Sequence[Change], wanted: EntryFilter) -> dict[str, SeatsDocument]:
        """Make changes; one alone is read back in the round trip of its write, several are not read."""
        if len(changes) != 1:
            self.apply(changes)
            return {}
        document = self.apply_one(changes[0], wanted)
        return {document.id: document} if document is not None else {}

    def apply_one(self, change: Change, wanted: EntryFilter) -> SeatsDocument | None:
        """Make one change and read what it left, in one round trip; None when there is no such day."""
        found = self._seats.find_one_and_update(
            change.filter,
            change.pipeline,
            projection=_narrowed(wanted),
            return_document=ReturnDocument.AFTER,
        )
        return to_seats(found) if found else None

    def read(self, scope: Scope, seats_ids: Sequence[str], wanted: EntryFilter) -> dict[str, SeatsDocument]:
        """Read documents by id, narrowed to the wanted entries: what answers are read from."""
        query = {"_id": {"$in": list(seats_ids)}, "organisation_id": scope.organisation_id}
        return {found["_id"]: to_seats(found) for found in self._seats.find(query, _narrowed(wanted))}

    def read_whole(self, scope: Scope, seats_id: str) -> SeatsDocument | None:
        """Read one document with everybody in it and its unsent events."""
        found = self._seats.find_one({"_id": seats_id, "organisation_id": scope.organisation_id})
        return to_seats(found) if found else None

    def of_children(
        self,
        scope: Scope,
        child_ids: Sequence[str],
        span: tuple[date, date],
    ) -> list[SeatsDocument]:
        """Read the days of a span on which some children stand, narrowed to them: for overlaps and limits."""
        days = {"$gte": span[0].isoformat(), "$lte": span[1].isoformat()}
        children = {"$in": list(child_ids)}
        branches = [
            {"organisation_id": scope.organisation_id, f"{array}.child_id": children, "day": days}
            for array in ("taken", "waiting", "asked")
        ]
        wanted = EntryFilter(child_ids=tuple(child_ids))
        found = self._seats.find({"$or": branches}, _narrowed(wanted), session=self._session)
        return [to_seats(each) for each in found]

    def states(self, scope: Scope, seats_ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Read how everybody stands on some days, by day and booking; a day without seats is not there."""
        arrays = ("taken", "waiting", "asked")
        shown = {f"{array}.{name}": 1 for array in arrays for name in ("booking_id", "state")}
        query = {"_id": {"$in": list(seats_ids)}, "organisation_id": scope.organisation_id}
        return {
            day["_id"]: {entry["booking_id"]: entry["state"] for array in arrays for entry in day[array]}
            for day in self._seats.find(query, shown)
        }

    def counters(
        self, scope: Scope, pool_ids: Sequence[str], span: tuple[date, date], child_ids: Sequence[str]
    ) -> list[Counters]:
        """Read what calendars need of some pools and days (both ends included), in one round trip.

        In a family's scope, what other families booked for its children is marked as foreign.
        """
        pipeline = _counting(scope, pool_ids, span, child_ids)
        return [to_counters(found) for found in self._seats.aggregate(pipeline, batchSize=10_000)]

    def overdue(self, now: datetime, organisation_ids: Sequence[str]) -> list[tuple[str, str]]:
        """Documents with overdue holds, as (organisation id, seats id), at most 200."""
        query = {"organisation_id": {"$in": list(organisation_ids)}, "next_expiry_at": {"$lte": now}}
        found = self._seats.find(query, {"organisation_id": 1}).limit(OVERDUE_MAX)
        return [(document["organisation_id"], document["_id"]) for document in found]

    def next_expiry(self, after: datetime, organisation_ids: Sequence[str]) -> datetime | None:
        """When the next hold ends after this instant, in any of these organisations."""
        query = {"organisation_id": {"$in": list(organisation_ids)}, "next_expiry_at": {"$gt": after}}
        found = self._seats.find_one(query, {"next_expiry_at": 1}, sort=[("next_expiry_at", 1)])
        at: datetime | None = found["next_expiry_at"] if found else None
        return at

    def organisation_ids(self) -> list[str]:
        """List the organisations that have seats, by walking the index from one to the next."""
        return list(self._seats.distinct("organisation_id"))

    def read_gauges(self, now: datetime) -> list[Reading]:
        """Count who is held, held too long, and waiting, on days on which somebody is; all organisations."""
        return looked_at(self._seats, now, self.organisation_ids())

    def have_unsent(self, scope: Scope, seats_ids: Sequence[str]) -> bool:
        """Whether one of these days has events that were not sent yet."""
        query = {"_id": {"$in": list(seats_ids)}, "organisation_id": scope.organisation_id}
        return self._seats.find_one({**query, "events.0": {"$exists": True}}, {"_id": 1}) is not None

    def open_days(self, days: Iterable[SeatsDocument], stamp: Stamp) -> None:
        """Make days that do not exist yet, and bring those that do to their new gauges, slots and instants.

        Nobody is evicted; a slot that is not offered any more is shut. Twice changes nothing.
        """
        documents = list(days)
        makes = [
            UpdateOne({"_id": day.id}, {"$setOnInsert": _without_id(new_document(day))}, upsert=True)
            for day in documents
        ]
        if makes:
            self._seats.bulk_write(makes, ordered=False)
        self.apply(
            reshape(Scope(day.organisation_id), day.id, (day.gauges, day.slots), stamp) for day in documents
        )


def _without_id(document: Document) -> Document:
    return {key: value for key, value in document.items() if key != "_id"}


def _narrowed(wanted: EntryFilter) -> Document:
    """Project a document without its events, its arrays narrowed to the wanted entries."""
    conditions = []
    if wanted.confirmation_id:
        conditions.append(same("$$e.confirmation_id", {"$literal": wanted.confirmation_id}))
    if wanted.child_ids:
        conditions.append(one_of("$$e.child_id", {"$literal": list(wanted.child_ids)}))
    if wanted.booking_ids:
        conditions.append(one_of("$$e.booking_id", {"$literal": list(wanted.booking_ids)}))
    wanted = any_of(*conditions)
    kept = ("organisation_id", "pool_id", "day", "gauges", "slots", "seq", "event_seq", "next_expiry_at")
    arrays = {array: those(f"${array}", wanted) for array in ("taken", "waiting", "asked", "gone")}
    return {**dict.fromkeys(kept, 1), **arrays}


def _counting(
    scope: Scope, pool_ids: Sequence[str], span: tuple[date, date], child_ids: Sequence[str]
) -> list[Document]:
    """Project gauges, slots and the children's own places with their rank; whole arrays never leave."""
    own = one_of("$$e.child_id", {"$literal": list(child_ids)})
    place: Document = {
        name: f"$$e.{name}" for name in ("booking_id", "slot", "child_id", "state", "held_until")
    }
    place["foreign"] = (
        no(one_of("$$e.family_id", {"$literal": scope.family_ids}))
        if scope.family_id
        else {"$literal": False}
    )
    ahead = all_of(same("$$w.slot", "$$e.slot"), {"$lte": ["$$w.seq", "$$e.seq"]})
    rank = {"$size": {"$filter": {"input": "$waiting", "as": "w", "cond": ahead}}}
    seated = each(those({"$concatArrays": ["$taken", "$asked"]}, own), place)
    queued = each(those("$waiting", own), {**place, "rank": rank})
    query = {
        "organisation_id": scope.organisation_id,
        "pool_id": {"$in": list(pool_ids)},
        "day": {"$gte": span[0].isoformat(), "$lte": span[1].isoformat()},
    }
    return [
        {"$match": query},
        {
            "$project": {
                "pool_id": 1,
                "day": 1,
                "gauges": 1,
                "slots": 1,
                "places": when(same([], {"$literal": list(child_ids)}), [], joined(seated, queued)),
            }
        },
    ]
