"""Seats documents as MongoDB keeps them, and back as nouns: field by field, for this is a hot path.

Days are kept as text (they sort), instants as dates, tuples as arrays, enums by their value.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from booking.offer.model import Afterwards, Gauge
from booking.seats.model import Counters, First, LoggedEvent, Place, SeatEntry, SeatEvent, SeatsDocument, Slot
from booking.vocabulary import BookingState, DayPart, Verdict
from chassis.storage.documents import Document


def from_gauge(gauge: Gauge) -> Document:
    """Write a gauge."""
    return {"name": gauge.name, "max": gauge.max, "taken": gauge.taken}


def from_slot(slot: Slot) -> Document:
    """Write a slot."""
    return {
        "id": slot.id,
        "activity_id": slot.activity_id,
        "centre_id": slot.centre_id,
        "day_part": slot.day_part.value,
        "gauges": list(slot.gauges),
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "booking_closes_at": slot.booking_closes_at,
        "cancelling_closes_at": slot.cancelling_closes_at,
        "booking_afterwards": slot.booking_afterwards.value,
        "cancelling_afterwards": slot.cancelling_afterwards.value,
        "waiting_max": slot.waiting_max,
        "promotes_late": slot.promotes_late,
        "open": slot.open,
        "waiting": slot.waiting,
    }


def from_entry(entry: SeatEntry) -> Document:
    """Write an entry as it is asked for, before it is placed; what says nothing is left out.

    Every write of a day carries all its entries: they are kept small.
    """
    written: Document = {
        "booking_id": entry.booking_id,
        "slot": entry.slot,
        "child_id": entry.child_id,
        "family_id": entry.family_id,
        "confirmation_id": entry.confirmation_id,
        "line": entry.line,
        "gauges": list(entry.gauges),
        "state": entry.state.value,
        "hold_s": entry.hold_s,
        "promoted_hold_s": entry.promoted_hold_s,
    }
    if entry.first is not None:
        written["first"] = {"verdict": entry.first.verdict.value}
    return {name: value for name, value in written.items() if value is not None}


def new_document(document: SeatsDocument) -> Document:
    """Write an empty day: gauges and slots, nobody in it."""
    return {
        "_id": document.id,
        "organisation_id": document.organisation_id,
        "pool_id": document.pool_id,
        "day": document.day.isoformat(),
        "gauges": [from_gauge(gauge) for gauge in document.gauges],
        "slots": [from_slot(slot) for slot in document.slots],
        "seq": 0,
        "event_seq": 0,
        "version": 0,
        "next_expiry_at": None,
        "taken": [],
        "waiting": [],
        "asked": [],
        "gone": [],
        "events": [],
    }


def to_gauge(found: Mapping[str, Any]) -> Gauge:
    """Read a gauge."""
    return Gauge(found["name"], found["max"], found["taken"])


def to_slot(found: Mapping[str, Any]) -> Slot:
    """Read a slot."""
    return Slot(
        id=found["id"],
        activity_id=found["activity_id"],
        centre_id=found["centre_id"],
        day_part=DayPart(found["day_part"]),
        gauges=tuple(found["gauges"]),
        starts_at=found["starts_at"],
        booking_closes_at=found["booking_closes_at"],
        cancelling_closes_at=found["cancelling_closes_at"],
        booking_afterwards=Afterwards(found["booking_afterwards"]),
        cancelling_afterwards=Afterwards(found["cancelling_afterwards"]),
        waiting_max=found["waiting_max"],
        promotes_late=found["promotes_late"],
        open=found["open"],
        waiting=found["waiting"],
        ends_at=found.get("ends_at"),
    )


def to_entry(found: Mapping[str, Any]) -> SeatEntry:
    """Read an entry."""
    first = found.get("first")
    return SeatEntry(
        booking_id=found["booking_id"],
        slot=found["slot"],
        child_id=found["child_id"],
        confirmation_id=found["confirmation_id"],
        line=found["line"],
        family_id=found["family_id"],
        gauges=tuple(found["gauges"]),
        hold_s=found.get("hold_s"),
        promoted_hold_s=found.get("promoted_hold_s"),
        state=BookingState(found["state"]),
        seq=found.get("seq", 0),
        first=First(Verdict(first["verdict"]), first.get("rank"), first.get("held_until")) if first else None,
        held_until=found.get("held_until"),
        late=found.get("late", False),
        lost=found.get("lost", False),
        gone_at=found.get("gone_at"),
        by_confirmation_id=found.get("by_confirmation_id"),
        by_line=found.get("by_line"),
    )


def to_event(found: Mapping[str, Any]) -> LoggedEvent:
    """Read a logged event."""
    return LoggedEvent(
        id=found["id"],
        name=SeatEvent(found["name"]),
        sequence=found["sequence"],
        aggregate_id=found["aggregate_id"],
        causation_id=found["causation_id"],
        request_id=found["request_id"],
        at=found["at"],
        data=found["data"],
        actor=found.get("actor"),
    )


def to_seats(found: Mapping[str, Any]) -> SeatsDocument:
    """Read a seats document, whole or narrowed."""
    return SeatsDocument(
        id=found["_id"],
        organisation_id=found["organisation_id"],
        pool_id=found["pool_id"],
        day=date.fromisoformat(found["day"]),
        gauges=tuple(map(to_gauge, found["gauges"])),
        slots=tuple(map(to_slot, found["slots"])),
        seq=found["seq"],
        event_seq=found["event_seq"],
        version=found.get("version", 0),
        next_expiry_at=found["next_expiry_at"],
        taken=tuple(map(to_entry, found["taken"])),
        waiting=tuple(map(to_entry, found["waiting"])),
        asked=tuple(map(to_entry, found["asked"])),
        gone=tuple(map(to_entry, found["gone"])),
        events=tuple(map(to_event, found.get("events", ()))),
    )


def to_counters(found: Mapping[str, Any]) -> Counters:
    """Read what a calendar asked for."""
    places = {
        (place["slot"], place["child_id"]): Place(
            place["booking_id"],
            BookingState(place["state"]),
            place.get("rank"),
            place.get("held_until"),
            place["foreign"],
        )
        for place in found["places"]
    }
    return Counters(
        seats_id=found["_id"],
        pool_id=found["pool_id"],
        day=date.fromisoformat(found["day"]),
        gauges=tuple(map(to_gauge, found["gauges"])),
        slots=tuple(map(to_slot, found["slots"])),
        places=places,
    )
