"""What one line of a confirmation is told, read from the arrays of the seats document.

There is no shared "last result": the entry itself keeps its first verdict and rank, so that whoever asks
again, even after a hold has expired, hears the same. No entry means refused, and the document says why.
The document may be narrowed to the entries of the confirmation and of the child; the answer is the same.
"""

from datetime import datetime

from booking.offer.model import Afterwards
from booking.seats.model import Answer, SeatEntry, SeatOrder, SeatsDocument, Withdrawal
from booking.seats.rules.steps import past
from booking.vocabulary import BookingState, Reason, Verdict


def answer_to_order(document: SeatsDocument | None, order: SeatOrder, now: datetime) -> Answer:
    """What a new booking got. ``document`` is None when the day has no seats: it is not open."""
    if document is None:
        return Answer(Verdict.REFUSED, Reason.NOT_OPEN)
    standing = document.taken + document.waiting + document.asked
    line = (order.confirmation_id, order.line)
    entry = next((e for e in standing + document.gone if (e.confirmation_id, e.line) == line), None)
    if entry is not None and entry.first is not None:
        first = entry.first
        return Answer(first.verdict, None, first.rank, first.held_until, entry.booking_id)
    if any(e.child_id == order.child_id and e.slot == order.slot for e in standing):
        return Answer(Verdict.REFUSED, Reason.DUPLICATE)
    slot = next((s for s in document.slots if s.id == order.slot), None)
    if slot is None or not slot.open:
        return Answer(Verdict.REFUSED, Reason.NOT_OPEN)
    late = past(slot.booking_closes_at, now) and not order.past_deadline_allowed
    refused = late and slot.booking_afterwards is Afterwards.REFUSE
    return Answer(Verdict.REFUSED, Reason.PAST_DEADLINE if refused else Reason.FULL)


def answer_to_withdrawal(document: SeatsDocument | None, withdrawal: Withdrawal) -> Answer:
    """What a cancellation got: cancelled, asked of staff, too late, or nothing was booked."""
    entry = _entry(document, withdrawal.booking_id) if document else None
    if entry is None:
        return Answer(Verdict.REFUSED, Reason.NOT_BOOKED)
    mine = (entry.by_confirmation_id, entry.by_line) == (withdrawal.confirmation_id, withdrawal.line)
    if mine and entry.state is BookingState.CANCELLED:
        return Answer(Verdict.CANCELLED, booking_id=entry.booking_id, in_time=_in_time(document, entry))
    if mine and entry.state is BookingState.CANCELLATION_REQUESTED:
        return Answer(Verdict.CANCELLATION_REQUESTED, booking_id=entry.booking_id)
    if entry.gone_at is not None:
        return Answer(Verdict.REFUSED, Reason.NOT_BOOKED, booking_id=entry.booking_id)
    if entry.state is BookingState.CANCELLATION_REQUESTED:
        return Answer(Verdict.REFUSED, Reason.DUPLICATE, booking_id=entry.booking_id)
    return Answer(Verdict.REFUSED, Reason.PAST_DEADLINE, booking_id=entry.booking_id)


def _in_time(document: SeatsDocument | None, entry: SeatEntry) -> bool:
    slots = document.slots if document else ()
    closes_at = next((slot.cancelling_closes_at for slot in slots if slot.id == entry.slot), None)
    return entry.gone_at is None or not past(closes_at, entry.gone_at)


def _entry(document: SeatsDocument, booking_id: str) -> SeatEntry | None:
    arrays = document.taken + document.waiting + document.asked + document.gone
    return next((e for e in arrays if e.booking_id == booking_id), None)
