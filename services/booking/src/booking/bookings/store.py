"""Bookings as lists and histories show them: a projection of the seats documents' events, never the truth.

Each booking keeps the events that made it, so that it can be folded anew.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pymongo import ASCENDING, UpdateOne
from pymongo.database import Database

from booking.bookings.model import BookingRecord
from booking.bookings.rules import GIVEN_UP, republished, standing_after
from booking.seats.model import SeatEvent
from booking.seats.rules import slot_id
from booking.vocabulary import BOOKING, FACTS, Act, BookingState
from chassis.running.failpoints import failpoint
from chassis.storage import outbox
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.mongo import insert_missing
from chassis.storage.outbox import DocumentEvents
from chassis.values.actor import Actor
from chassis.values.scope import Scope

_KEPT = ("confirmation_id", "line", "family_id", "account_id", *FACTS)
"""What a booking's first event brings for good, beside its own id."""
_NEVER_CHANGE = frozenset({"booking_id", *_KEPT})
COSTING = tuple(BOOKING.sources(Act.CANCEL))

TOLD_AT_ONCE = 500
_GIVEN_UP = [state.value for state in GIVEN_UP]

Db = Database[Document]
MAPPER = Mapper(Form(BookingRecord, names=KEY, inlined={"facts"}, unwritten={"slot"}))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a family's list is narrowed to; empty means all."""

    child_id: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    states: Sequence[str] = field(default_factory=tuple)


class Bookings:
    """Bookings of an organisation; a family finds its own."""

    def __init__(self, database: Db) -> None:
        self._rows = database["bookings"]
        self._outbox = database["outbox"]

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes of a family's list and of a confirmation's lines."""
        bookings = database["bookings"]
        bookings.create_index(
            [
                ("organisation_id", ASCENDING),
                ("family_id", ASCENDING),
                ("day", ASCENDING),
                ("_id", ASCENDING),
            ],
            name="bookings_of_family",
        )
        bookings.create_index(
            [("organisation_id", ASCENDING), ("confirmation_id", ASCENDING)], name="bookings_of_confirmation"
        )

    def find(self, scope: Scope, booking_id: str) -> BookingRecord | None:
        """One of the family's bookings."""
        row = self._rows.find_one({"_id": booking_id, **_family(scope)}, {"history": 0})
        return None if row is None else record_of(row)

    def named(self, scope: Scope, booking_ids: Collection[str]) -> dict[str, BookingRecord]:
        """Bookings of the organisation by id, whatever their families: for settlements."""
        found = self._rows.find(
            {"_id": {"$in": list(booking_ids)}, "organisation_id": scope.organisation_id}, {"history": 0}
        )
        return {row["_id"]: record_of(row) for row in found}

    def known(self, scope: Scope, booking_ids: Collection[str]) -> set[str]:
        """Which of these bookings the organisation has: for imports."""
        query = {"_id": {"$in": list(booking_ids)}, "organisation_id": scope.organisation_id}
        return {row["_id"] for row in self._rows.find(query, {"_id": 1})}

    def closed_to_payment(self, scope: Scope, booking_ids: Collection[str]) -> dict[str, bool]:
        """The bookings that no payment can give a seat any more, and whether one was answered already.

        It was answered by a seat, given back since, or by the event that the seat is lost. The seats document
        remembers neither for more than fifteen minutes; a payment may be told again after days.
        """
        lost = SeatEvent.SEAT_LOST.value
        answers = {lost, SeatEvent.BOOKING_ACCEPTED.value}
        found = self._rows.find(
            {
                "_id": {"$in": list(booking_ids)},
                "organisation_id": scope.organisation_id,
                "$or": [{"state": {"$in": _GIVEN_UP}}, {"history.name": lost}],
            },
            {"history.name": 1},
        )
        return {row["_id"]: any(told["name"] in answers for told in row["history"]) for row in found}

    def of_confirmations(self, scope: Scope, confirmation_ids: Collection[str]) -> dict[str, BookingRecord]:
        """What the lines of some confirmations have become, by booking id."""
        found = self._rows.find(
            {
                "organisation_id": scope.organisation_id,
                "confirmation_id": {"$in": list(confirmation_ids)},
            },
            {"history": 0},
        )
        return {row["_id"]: record_of(row) for row in found}

    def page(
        self, scope: Scope, filters: Filters, after: tuple[date, str] | None, limit: int
    ) -> list[BookingRecord]:
        """Read the family's bookings by day, those that follow `after`."""
        query = _query(scope, filters)
        if after is not None:
            day, last_id = after
            query["$or"] = [
                {"day": {"$gt": day.isoformat()}},
                {"day": day.isoformat(), "_id": {"$gt": last_id}},
            ]
        found = (
            self._rows.find(query, {"history": 0}).sort([("day", ASCENDING), ("_id", ASCENDING)]).limit(limit)
        )
        return [record_of(row) for row in found]

    def total_cents(self, scope: Scope, filters: Filters) -> int:
        """Add up what the family's bookings cost; what was refused, cancelled or expired costs nothing."""
        states = [state for state in filters.states or COSTING if state in COSTING]
        match = {**_query(scope, filters), "state": {"$in": states}}
        sums = self._rows.aggregate(
            [{"$match": match}, {"$group": {"_id": None, "cents": {"$sum": "$cost_cents"}}}]
        )
        return next((int(row["cents"]) for row in sums), 0)

    def replay(self) -> int:
        """Fold every booking's own history anew; gives how many bookings were wrong before."""
        writes = [write for row in self._rows.find({}) for write in _refolded(row)]
        for first in range(0, len(writes), 1000):
            self._rows.bulk_write(writes[first : first + 1000], ordered=False)
        return len(writes)

    def republish(self, scope: Scope, request_id: str, actor: Actor) -> int:
        """Tell how each booking stands, as new events under the sequence that it has; gives how many events.

        Each says when it happened first, and who did it; `actor` is who says so where that was not kept.
        """
        count, batch = 0, list[Document]()
        for row in self._rows.find({"organisation_id": scope.organisation_id}):
            batch += [_event_row(row, told, request_id, actor) for told in _republished(row)]
            if len(batch) >= TOLD_AT_ONCE:
                count += len(self._outbox.insert_many(batch).inserted_ids)
                batch = []
        return count + (len(self._outbox.insert_many(batch).inserted_ids) if batch else 0)


def _republished(row: Document) -> list[Document]:
    """Find in a booking's history the latest of each event that says how it stands."""
    latest = {SeatEvent(told["name"]): told for told in row["history"]}
    return [latest[event] for event in republished(BookingState(row["state"]), latest)]


def _event_row(row: Document, told: Document, request_id: str, actor: Actor) -> Document:
    return outbox.row(
        told["name"],
        context_or_org=row["organisation_id"],
        aggregate_id=row["_id"],
        sequence=row["sequence"],
        data={"booking_id": row["_id"], **{name: row[name] for name in _KEPT}, **told["data"]},
        occurred_at=told["at"],
        request_id=request_id,
        causation_id=row["confirmation_id"],
        actor=Actor.read(told["actor"]) if told.get("actor") else actor,
    )


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
    rows = database["bookings"].find(query, dict.fromkeys(_KEPT, 1)) if missing else ()
    told |= {row["_id"]: {**row, "booking_id": row["_id"]} for row in rows}
    return [
        replace(found, entries=[_completed(entry, told[entry["aggregate_id"]]) for entry in found.entries])
        for found in batch
    ]


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
        **{name: data[name] for name in _KEPT},
        **_standing(told, None),
        "sequence": entry["sequence"],
        "history": [told],
    }


def _change(document: Document, entry: Document) -> UpdateOne:
    """Fold a later event into its booking."""
    sequence, told = entry["sequence"], _told(entry)
    who = {"_id": entry["data"]["booking_id"], "organisation_id": document["organisation_id"]}
    stands = {**_standing(told, None), "sequence": sequence}
    given_up = {"$in": ["$state", _GIVEN_UP if entry["name"] == SeatEvent.SEAT_LOST else []]}
    state = {"$cond": [given_up, "$state", stands.pop("state")]}
    history = {"$concatArrays": ["$history", [{"$literal": told}]]}
    folded = {"$mergeObjects": ["$$ROOT", {"$literal": stands}, {"state": state, "history": history}]}
    newer = {"$lt": ["$sequence", sequence]}
    return UpdateOne(who, [{"$replaceWith": {"$cond": [newer, folded, "$$ROOT"]}}])


def _standing(told: Document, before: BookingState | None) -> Document:
    standing = standing_after(SeatEvent(told["name"]), told["data"], before)
    return {"state": standing.state.value, "rank": standing.rank, "held_until": standing.held_until}


def _refolded(row: Document) -> Iterator[UpdateOne]:
    right: Document = {}
    for told in sorted(row["history"], key=lambda told: int(told["sequence"])):
        before = BookingState(right["state"]) if right else None
        right = {**_standing(told, before), "sequence": told["sequence"]}
    if any(row[name] != value for name, value in right.items()):
        yield UpdateOne({"_id": row["_id"], "organisation_id": row["organisation_id"]}, {"$set": right})


def _family(scope: Scope) -> Document:
    return {"organisation_id": scope.organisation_id, "family_id": {"$in": scope.family_ids}}


def _query(scope: Scope, filters: Filters) -> Document:
    query = _family(scope)
    if filters.child_id is not None:
        query["child_id"] = filters.child_id
    if filters.states:
        query["state"] = {"$in": list(filters.states)}
    days = {}
    if filters.from_on is not None:
        days["$gte"] = filters.from_on.isoformat()
    if filters.to_on is not None:
        days["$lte"] = filters.to_on.isoformat()
    if days:
        query["day"] = days
    return query


def record_of(row: Document) -> BookingRecord:
    """Read a row of the book, without its history."""
    slot = slot_id(row["activity_id"], row["centre_id"], row["day_part"])
    return MAPPER.from_document(BookingRecord, {**row, "slot": slot})
