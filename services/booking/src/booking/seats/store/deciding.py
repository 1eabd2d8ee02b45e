"""Agents' acts on seats: read, decided by the pure model, written where nothing has changed meanwhile.

Families' acts are pipelines, for they come by the hundred on one day. An agent's are few, say more and change
more often: one rule in Python is enough for them (docs/adr/0020). All decisions on a day are one write.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from booking.seats.model import First, LoggedEvent, SeatEntry, SeatsDocument
from booking.seats.store.collection import COLLECTION
from booking.seats.store.documents import from_entry, from_gauge, from_slot, to_seats
from booking.vocabulary import BookingState
from chassis.storage.documents import Document

if TYPE_CHECKING:
    from pymongo.collection import Collection
    from pymongo.database import Database

    from chassis.values.scope import Scope

ATTEMPTS_MAX = 5
_ARRAYS = ("taken", "waiting", "asked", "gone")
_COUNTERS = ("seq", "event_seq", "next_expiry_at")

Decision = Callable[[SeatsDocument], SeatsDocument]
"""An operation of the pure model with its values given: what the day becomes."""


class Undecided(Enum):
    """Why a decision was not written: there is no such day, or others changed it at every attempt."""

    NO_SUCH_DAY = "no_such_day"
    BUSY = "busy"


class Decisions:
    """Writes to seats documents that the pure model decides."""

    def __init__(self, database: "Database[Document]") -> None:
        self._seats: Collection[Document] = database[COLLECTION]

    @staticmethod
    def ensure_indexes(database: "Database[Document]") -> None:
        """Create nothing: days are found by their id, or by their pool as `Seats` finds them."""

    def asked(self, scope: "Scope", pool_ids: Sequence[str], span: tuple[date, date]) -> list[SeatsDocument]:
        """Read the days of a span (both ends included) on which somebody asks staff for something."""
        query = {
            "organisation_id": scope.organisation_id,
            "pool_id": {"$in": list(pool_ids)},
            "day": {"$gte": span[0].isoformat(), "$lte": span[1].isoformat()},
            "$or": [
                {"asked.state": BookingState.REQUESTED.value},
                {"taken.state": BookingState.CANCELLATION_REQUESTED.value},
            ],
        }
        return [to_seats(found) for found in self._seats.find(query).sort("day", 1)]

    def decide(self, scope: "Scope", seats_id: str, decision: Decision) -> SeatsDocument | Undecided:
        """Make one decision on a day and return the day as it became.

        The decision may be made up to five times, each time on what was read then.
        """
        query = {"_id": seats_id, "organisation_id": scope.organisation_id}
        for _ in range(ATTEMPTS_MAX):
            found = self._seats.find_one(query)
            if found is None:
                return Undecided.NO_SUCH_DAY
            before = to_seats(found)
            after = decision(before)
            if after.version == before.version:
                return before  # nothing but what is forgotten by and by
            # A document that an earlier release made has no version until somebody changes it.
            unchanged = {"version": found.get("version"), "event_seq": before.event_seq}
            if self._seats.update_one({**query, **unchanged}, changes(before, after)).matched_count:
                return after
        return Undecided.BUSY


def changes(before: SeatsDocument, after: SeatsDocument) -> Document:
    """The update that turns a day into what it became: only what differs, events added to those that wait.

    The relay takes events away meanwhile, which is why the array is not set.
    """
    fields: Document = {name: getattr(after, name) for name in _COUNTERS if _differs(before, after, name)}
    fields |= {
        name: [entry_document(entry) for entry in getattr(after, name)]
        for name in _ARRAYS
        if _differs(before, after, name)
    }
    if _differs(before, after, "gauges"):
        fields["gauges"] = [from_gauge(gauge) for gauge in after.gauges]
    if _differs(before, after, "slots"):
        fields["slots"] = [from_slot(slot) for slot in after.slots]
    told = after.events[len(before.events) :]
    return {
        "$set": {**fields, "version": after.version},
        "$push": {"events": {"$each": [event_document(event) for event in told]}},
    }


def entry_document(entry: SeatEntry) -> Document:
    """Write an entry that stands somewhere, as the pipelines leave it; what says nothing is left out."""
    written = from_entry(replace(entry, first=None)) | {
        "seq": entry.seq,
        "held_until": entry.held_until,
        "late": entry.late or None,
        "lost": entry.lost or None,
        "gone_at": entry.gone_at,
        "by_confirmation_id": entry.by_confirmation_id,
        "by_line": entry.by_line,
        "first": _first_document(entry.first),
    }
    return {name: value for name, value in written.items() if value is not None}


def event_document(event: LoggedEvent) -> Document:
    """Write an event as the pipelines do."""
    written = {
        "id": event.id,
        "name": event.name.value,
        "version": 1,
        "aggregate_id": event.aggregate_id,
        "sequence": event.sequence,
        "at": event.at,
        "causation_id": event.causation_id,
        "request_id": event.request_id,
        "data": dict(event.data),
    }
    return written if event.actor is None else {**written, "actor": dict(event.actor)}


def together(decisions: Iterable[Decision]) -> Decision:
    """One decision of several on the same day, in their order: an agent answers all requests at once."""
    steps = tuple(decisions)

    def all_of_them(document: SeatsDocument) -> SeatsDocument:
        for step in steps:
            document = step(document)
        return document

    return all_of_them


def _first_document(first: First | None) -> Document | None:
    if first is None:
        return None
    written = {"verdict": first.verdict.value, "rank": first.rank, "held_until": first.held_until}
    return {name: value for name, value in written.items() if value is not None}


def _differs(before: SeatsDocument, after: SeatsDocument, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))
