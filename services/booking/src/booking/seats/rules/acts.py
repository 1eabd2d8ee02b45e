"""What an operation does to a seats document once overdue holds are gone and the queue has moved up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from booking.offer.model import Afterwards
from booking.seats.model import (
    First,
    SeatEntry,
    SeatEvent,
    SeatOrder,
    SeatsDocument,
    Slot,
    Stamp,
    Withdrawal,
)
from booking.seats.rules.steps import Row, fits, free_places, gone, log, past, seat_row, seated
from booking.vocabulary import BOOKING, Act, BookingState, DecisionMode, Verdict


def book(document: SeatsDocument, order: SeatOrder, stamp: Stamp) -> SeatsDocument:
    """Seat, queue or ask; an order that was seen before changes nothing, and nothing is also a refusal."""
    slot = _slot(document, order.slot)
    if (
        slot is None
        or not slot.open
        or _seen(document, order)
        or _stands(document, order.child_id, order.slot)
    ):
        return document
    late = past(slot.booking_closes_at, stamp.now) and not order.past_deadline_allowed
    if late and slot.booking_afterwards is Afterwards.REFUSE:
        return document
    entry = replace(_entry(order), seq=document.seq + 1, late=late)
    counted = replace(document, seq=document.seq + 1)
    if order.decision_mode is DecisionMode.DEFERRED:
        return _ask(counted, entry, BookingState.SUBMITTED, order.told(), stamp)
    if order.decision_mode is DecisionMode.ON_REQUEST or (
        late and slot.booking_afterwards is Afterwards.REQUEST
    ):
        return _ask(counted, entry, BookingState.REQUESTED, order.told(), stamp)
    placed = _place(counted, entry, Placing(order.hold_s, "booked", order.told()), stamp)
    return document if placed is None else placed


def _ask(
    document: SeatsDocument, entry: SeatEntry, state: BookingState, facts: Mapping[str, Any], stamp: Stamp
) -> SeatsDocument:
    entry = replace(entry, state=state, first=First(Verdict(state)))
    document = replace(document, asked=(*document.asked, entry))
    return log(document, [(SeatEvent.BOOKING_REQUESTED, entry, {**facts, "state": state.value})], stamp)


@dataclass(frozen=True, slots=True)
class Placing:
    """How a seat would be got: with so much time to pay, in this way, and the facts to be told with it."""

    hold_s: int | None
    how: str
    facts: Mapping[str, Any]


def _place(document: SeatsDocument, entry: SeatEntry, placing: Placing, stamp: Stamp) -> SeatsDocument | None:
    """Seat the entry, or queue it; None without room for either. Nobody who could be seated is overtaken."""
    free = free_places(document)
    queue = [e for e in document.waiting if e.slot == entry.slot]
    if fits(free, entry.gauges) and not any(fits(free, e.gauges) for e in queue):
        slot = _slot(document, entry.slot)
        entry = _first(seated(entry, placing.hold_s, slot.starts_at if slot else None, stamp.now))
        told = _got(entry, placing)
        return log(replace(document, taken=(*document.taken, entry)), [told], stamp)
    slot = _slot(document, entry.slot)
    if slot is None or (slot.waiting_max is not None and len(queue) >= slot.waiting_max):
        return None
    rank = len(queue) + 1
    entry = _first(replace(entry, state=BookingState.WAITLISTED), rank)
    document = replace(document, waiting=(*document.waiting, entry))
    extra = {**placing.facts, "rank": rank, **_granted(placing)}
    return log(document, [(SeatEvent.BOOKING_WAITLISTED, entry, extra)], stamp)


def _got(entry: SeatEntry, placing: Placing) -> Row:
    """Tell of a seat got; one that was granted and is to be paid is asked for like a promoted one."""
    if entry.state is BookingState.HELD and (granted := _granted(placing)):
        told = {**placing.facts, "to": entry.state.value, "held_until": entry.held_until, **granted}
        return SeatEvent.SEAT_PROMOTED, entry, told
    return seat_row(entry, placing.how, placing.facts)


def _granted(placing: Placing) -> dict[str, str]:
    return {"how": placing.how} if placing.how == "granted" else {}


def cancel(document: SeatsDocument, withdrawal: Withdrawal, stamp: Stamp) -> SeatsDocument:
    """Give back what stands under the booking, or ask staff to; too late and refused changes nothing."""
    entry = _standing(document, withdrawal.booking_id)
    if entry is None:
        return document
    slot = _slot(document, entry.slot)
    closes_at = slot.cancelling_closes_at if slot else None
    afterwards = slot.cancelling_afterwards if slot else Afterwards.SURCHARGE
    late = past(closes_at, stamp.now) and not withdrawal.forced
    again = entry.state is BookingState.CANCELLATION_REQUESTED and not withdrawal.forced
    if again or (late and afterwards is Afterwards.REFUSE):
        return document
    by = replace(entry, by_confirmation_id=withdrawal.confirmation_id, by_line=withdrawal.line)
    asks = withdrawal.on_request or (late and afterwards is Afterwards.REQUEST)
    if asks and BOOKING.after(entry.state, Act.ASK_TO_CANCEL) and not withdrawal.forced:
        asked = replace(by, state=BookingState.CANCELLATION_REQUESTED)
        taken = tuple(asked if e is entry else e for e in document.taken)
        return log(replace(document, taken=taken), [(SeatEvent.CANCELLATION_ASKED, asked, {})], stamp)
    extra = {"was": entry.state.value, "in_time": not late}
    document = _leave(document, entry, gone(by, BookingState.CANCELLED, stamp.now))
    return log(document, [(SeatEvent.BOOKING_CANCELLED, entry, extra)], stamp)


def pay(document: SeatsDocument, order: SeatOrder, stamp: Stamp) -> SeatsDocument:
    """Accept what is held; else retake an expired seat if one is free and nobody waits; else it is lost."""
    entry = _standing(document, order.booking_id)
    if entry is not None:
        if BOOKING.after(entry.state, Act.PAY) is None:
            return document
        paid = replace(entry, state=BookingState.ACCEPTED, held_until=None)
        taken = tuple(paid if e is entry else e for e in document.taken)
        return log(replace(document, taken=taken), [seat_row(paid, "paid")], stamp)
    left = next((e for e in document.gone if e.booking_id == order.booking_id), None)
    if left is not None and left.lost:
        return document
    others = tuple(e for e in document.gone if e.booking_id != order.booking_id)
    base = left or _first(_entry(order))
    may_return = base.state in {BookingState.EXPIRED, BookingState.ACCEPTED}
    wanted = order.retake and may_return and not order.elsewhere
    if wanted and _retakable(document, base, stamp.now):
        again = replace(seated(base, None, None, stamp.now), seq=document.seq + 1, gone_at=None)
        document = replace(document, seq=again.seq, taken=(*document.taken, again), gone=others)
        return log(document, [seat_row(again, "paid")], stamp)
    state = left.state if left else BookingState.EXPIRED if order.retake else BookingState.CANCELLED
    lost = replace(gone(base, state, base.gone_at or stamp.now), lost=True)
    return log(replace(document, gone=(*others, lost)), [(SeatEvent.SEAT_LOST, lost, {})], stamp)


def grant(document: SeatsDocument, booking_id: str, stamp: Stamp) -> SeatsDocument:
    """Move a request to a seat or into the queue."""
    entry = next((e for e in document.asked if e.booking_id == booking_id), None)
    if entry is None:
        return document
    numbered = replace(
        document, seq=document.seq + 1, asked=tuple(e for e in document.asked if e is not entry)
    )
    entry = replace(entry, seq=numbered.seq)
    placed = _place(numbered, entry, Placing(entry.promoted_hold_s, "granted", {}), stamp)
    return document if placed is None else placed


def decline(document: SeatsDocument, booking_id: str, stamp: Stamp) -> SeatsDocument:
    """Refuse a request or one who waits, or a cancellation that was asked for."""
    entry = _standing(document, booking_id)
    if entry is None:
        return document
    if BOOKING.after(entry.state, Act.KEEP):
        kept = replace(entry, state=BookingState.ACCEPTED)
        taken = tuple(kept if e is entry else e for e in document.taken)
        return log(replace(document, taken=taken), [(SeatEvent.CANCELLATION_DECLINED, kept, {})], stamp)
    if BOOKING.after(entry.state, Act.REFUSE) is None:
        return document
    document = _leave(document, entry, gone(entry, BookingState.REFUSED, stamp.now))
    return log(document, [(SeatEvent.BOOKING_REFUSED, entry, {"was": entry.state.value})], stamp)


def close(document: SeatsDocument, closing_id: str, stamp: Stamp) -> SeatsDocument:
    """Shut the day; whoever stands there leaves as if in time, however late it is."""
    everybody, rows = _everybody(document), []
    for entry in everybody:
        extra = {"was": entry.state.value, "in_time": True, "closing_id": closing_id}
        rows.append((SeatEvent.BOOKING_CANCELLED, entry, extra))
    left = tuple(gone(entry, BookingState.CANCELLED, stamp.now) for entry in everybody)
    slots = tuple(replace(slot, open=False) for slot in document.slots)
    empty = replace(document, slots=slots, taken=(), waiting=(), asked=(), gone=(*document.gone, *left))
    return log(empty, rows, stamp)


def _entry(order: SeatOrder) -> SeatEntry:
    return SeatEntry(
        booking_id=order.booking_id,
        slot=order.slot,
        child_id=order.child_id,
        confirmation_id=order.confirmation_id,
        line=order.line,
        family_id=order.family_id,
        gauges=order.gauges,
        hold_s=order.hold_s,
        promoted_hold_s=order.promoted_hold_s,
    )


def _first(entry: SeatEntry, rank: int | None = None) -> SeatEntry:
    """Keep the first answer, unless the entry was answered before (as a request that is granted was)."""
    return replace(entry, first=entry.first or First(Verdict(entry.state), rank, entry.held_until))


def _slot(document: SeatsDocument, slot_id: str) -> Slot | None:
    return next((slot for slot in document.slots if slot.id == slot_id), None)


def _everybody(document: SeatsDocument) -> tuple[SeatEntry, ...]:
    return document.taken + document.waiting + document.asked


def _standing(document: SeatsDocument, booking_id: str) -> SeatEntry | None:
    return next((e for e in _everybody(document) if e.booking_id == booking_id), None)


def _stands(document: SeatsDocument, child_id: str, slot: str) -> bool:
    return any(e.child_id == child_id and e.slot == slot for e in _everybody(document))


def _seen(document: SeatsDocument, order: SeatOrder) -> bool:
    line = (order.confirmation_id, order.line)
    return any((e.confirmation_id, e.line) == line for e in _everybody(document) + document.gone)


def _retakable(document: SeatsDocument, entry: SeatEntry, now: datetime) -> bool:
    """Whether a late payment gets a seat: care has not begun, one is free, nobody waits for it."""
    slot = _slot(document, entry.slot)
    if slot is None or not slot.open or now >= slot.starts_at:
        return False
    waits = any(e.slot == entry.slot for e in document.waiting)
    return (
        not waits
        and not _stands(document, entry.child_id, entry.slot)
        and fits(free_places(document), entry.gauges)
    )


def _leave(document: SeatsDocument, entry: SeatEntry, left: SeatEntry) -> SeatsDocument:
    return replace(
        document,
        taken=tuple(e for e in document.taken if e is not entry),
        waiting=tuple(e for e in document.waiting if e is not entry),
        asked=tuple(e for e in document.asked if e is not entry),
        gone=(*document.gone, left),
    )
