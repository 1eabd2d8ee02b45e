"""What every operation on a seats document is composed of: expire, promote, log, count."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from booking.offer.model import Afterwards
from booking.seats.model import LoggedEvent, SeatEntry, SeatEvent, SeatsDocument, Slot, Stamp
from booking.vocabulary import BookingState

GONE_KEPT = timedelta(minutes=15)
BY_ITSELF = {"kind": "service"}
"""Who acts when a hold ends or the queue moves up."""
Row = tuple[SeatEvent, SeatEntry, Mapping[str, Any]]


def expire(document: SeatsDocument, stamp: Stamp) -> SeatsDocument:
    """Drop the holds that are overdue and who still waits when care begins.

    Forget who has been gone for fifteen minutes.
    """
    now = stamp.now
    begun = {slot.id for slot in document.slots if now >= slot.starts_at}
    late = [e for e in document.waiting if e.slot in begun]
    waiting = tuple(e for e in document.waiting if e.slot not in begun)
    overdue = [e for e in document.taken if e.held_until is not None and e.held_until <= now]
    taken = tuple(e for e in document.taken if e.held_until is None or e.held_until > now)
    left = [e for e in document.gone if e.gone_at is not None and e.gone_at > now - GONE_KEPT]
    left += [gone(e, BookingState.EXPIRED, now) for e in (*overdue, *late)]
    rows: list[Row] = [(SeatEvent.HOLD_EXPIRED, e, {}) for e in overdue]
    rows += [(SeatEvent.WAITING_ENDED, e, {}) for e in late]
    return log(replace(document, taken=taken, waiting=waiting, gone=tuple(left)), rows, _by_itself(stamp))


def promote(document: SeatsDocument, stamp: Stamp) -> SeatsDocument:
    """Seat those who wait, head of the queue first; one whose own gauge is full is stepped over."""
    shut = {s.id for s in document.slots if not promotes(s, stamp.now)}
    begins = {s.id: s.starts_at for s in document.slots}
    free = free_places(document)
    promoted: list[SeatEntry] = []
    for entry in document.waiting:
        if entry.slot not in shut and fits(free, entry.gauges):
            promoted.append(seated(entry, entry.promoted_hold_s, begins.get(entry.slot), stamp.now))
            free = {name: left - (name in entry.gauges) for name, left in free.items()}
    ids = {entry.booking_id for entry in promoted}
    waiting = tuple(e for e in document.waiting if e.booking_id not in ids)
    document = replace(document, taken=document.taken + tuple(promoted), waiting=waiting)
    return log(document, (row for entry in promoted for row in promotion(entry)), _by_itself(stamp))


def log(document: SeatsDocument, rows: Iterable[Row], stamp: Stamp) -> SeatsDocument:
    """Append one event per transition, with an id and a sequence that follow from the document's counter."""
    events, sequence = list(document.events), document.event_seq
    for name, entry, extra in rows:
        sequence += 1
        events.append(
            LoggedEvent(
                id=f"{document.id}:{sequence}",
                name=name,
                sequence=sequence,
                aggregate_id=entry.booking_id,
                causation_id=entry.confirmation_id,
                request_id=stamp.request_id,
                at=stamp.now,
                data=extra,
                actor=stamp.actor,
            )
        )
    return replace(document, events=tuple(events), event_seq=sequence)


def _by_itself(stamp: Stamp) -> Stamp:
    """Let time act: what ends or moves up does so by itself, whoever asked in that moment."""
    return replace(stamp, actor=BY_ITSELF)


def free_places(document: SeatsDocument) -> dict[str, int]:
    """Count the free places of every gauge that has a limit; negative after the capacity was lowered."""
    return {
        gauge.name: gauge.max - sum(gauge.name in entry.gauges for entry in document.taken)
        for gauge in document.gauges
        if gauge.max is not None
    }


def count(document: SeatsDocument) -> SeatsDocument:
    """Keep what calendars and sweepers read: taken per gauge, waiting per slot, next hold or queue to end."""
    gauges = (replace(g, taken=sum(g.name in e.gauges for e in document.taken)) for g in document.gauges)
    slots = tuple(replace(s, waiting=sum(e.slot == s.id for e in document.waiting)) for s in document.slots)
    ends = [e.held_until for e in document.taken if e.held_until is not None]
    ends += [slot.starts_at for slot in slots if slot.waiting]
    return replace(document, gauges=tuple(gauges), slots=slots, next_expiry_at=min(ends, default=None))


def fits(free: Mapping[str, int], gauges: tuple[str, ...]) -> bool:
    """Whether every gauge that the entry uses has a place; a gauge without a limit always has."""
    return all(free.get(name, 1) > 0 for name in gauges)


def past(closes_at: datetime | None, now: datetime) -> bool:
    """Whether an instant has come; in time means before it."""
    return closes_at is not None and now >= closes_at


def promotes(slot: Slot, now: datetime) -> bool:
    """Whether the slot's queue still moves up: while open, until its cancelling deadline."""
    return slot.open and (slot.promotes_late or not past(slot.cancelling_closes_at, now))


def seated(entry: SeatEntry, hold_s: int | None, starts_at: datetime | None, now: datetime) -> SeatEntry:
    """The entry with a seat: held for so many seconds, but not beyond the beginning, or accepted at once."""
    if hold_s is None:
        return replace(entry, state=BookingState.ACCEPTED, held_until=None)
    until = now + timedelta(seconds=hold_s)
    if starts_at is not None and starts_at > now:
        until = min(until, starts_at)
    return replace(entry, state=BookingState.HELD, held_until=until)


def gone(entry: SeatEntry, state: BookingState, now: datetime) -> SeatEntry:
    """Turn an entry into one that has left."""
    return replace(entry, state=state, held_until=None, gone_at=now)


def seat_row(entry: SeatEntry, how: str, facts: Mapping[str, Any] | None = None) -> Row:
    """Tell of a seat got: held until an instant, or accepted in some way; with facts when it is news."""
    told = dict(facts or {})
    if entry.state is BookingState.HELD:
        return SeatEvent.BOOKING_HELD, entry, {**told, "held_until": entry.held_until}
    return SeatEvent.BOOKING_ACCEPTED, entry, {**told, "how": how}


def promotion(entry: SeatEntry) -> list[Row]:
    """Tell of a promotion; one that needs no payment is also a booking accepted."""
    extra = {"to": entry.state.value, "held_until": entry.held_until}
    rows: list[Row] = [(SeatEvent.SEAT_PROMOTED, entry, extra)]
    return rows if entry.state is BookingState.HELD else [*rows, seat_row(entry, "promoted")]


def cancellable(slot: Slot, now: datetime) -> bool:
    """Whether a booking of this slot can still be given back, if only by asking or with a surcharge."""
    return not past(slot.cancelling_closes_at, now) or slot.cancelling_afterwards is not Afterwards.REFUSE
