"""Bookings as lists and histories show them: a projection of the seats documents' events, never the truth.

Each booking keeps the events that made it, so that it can be folded anew.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from pymongo import ASCENDING

from booking.bookings.model import BookingRecord
from booking.bookings.rules import GIVEN_UP, republished
from booking.bookings.store.folding import KEPT, Db, refolded, was_before
from booking.seats.model import SeatEvent
from booking.seats.rules import slot_id
from booking.vocabulary import BOOKING, Act, BookingState
from chassis.storage import outbox
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.values.actor import Actor
from chassis.values.scope import Scope

COSTING = tuple(BOOKING.sources(Act.CANCEL))

TOLD_AT_ONCE = 500
_GIVEN_UP = [state.value for state in GIVEN_UP]

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
        bookings.create_index(
            [("organisation_id", ASCENDING), ("closing_id", ASCENDING)],
            name="bookings_of_closing",
            partialFilterExpression={"closing_id": {"$exists": True}},
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

    def left_by(self, scope: Scope, closing_id: str) -> list[tuple[BookingRecord, str]]:
        """Bookings that left because their day was closed, each with its state before."""
        query = {"organisation_id": scope.organisation_id, "closing_id": closing_id}
        return [(record_of(row), was_before(row, closing_id)) for row in self._rows.find(query)]

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
        writes = [write for row in self._rows.find({}) for write in refolded(row)]
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
        data={"booking_id": row["_id"], **{name: row[name] for name in KEPT}, **told["data"]},
        occurred_at=told["at"],
        request_id=request_id,
        causation_id=row["confirmation_id"],
        actor=Actor.read(told["actor"]) if told.get("actor") else actor,
    )


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
