"""Answering at once all that a day's families ask of staff, and what came of it."""

from collections import Counter

from booking.seats.model import SeatEntry, SeatsDocument, Stamp, Withdrawal
from booking.seats.rules.operations import cancel, decline, grant
from booking.vocabulary import BookingState


def open_questions(document: SeatsDocument) -> tuple[SeatEntry, ...]:
    """List the entries that wait for an answer of staff, cancellations first: they free seats."""
    leaving = [e for e in document.taken if e.state is BookingState.CANCELLATION_REQUESTED]
    coming = [e for e in document.asked if e.state is BookingState.REQUESTED]
    return (*leaving, *coming)


def answer_all(document: SeatsDocument, stamp: Stamp, *, refuses: bool) -> SeatsDocument:
    """Answer every open question of a day: no to all of them, or yes as far as there is room.

    Who finds neither a seat nor a place in the queue is refused.
    """
    for entry in open_questions(document):
        if refuses:
            document = decline(document, entry.booking_id, stamp)
        elif entry.state is BookingState.CANCELLATION_REQUESTED:
            document = cancel(document, _agreed(entry), stamp)
        else:
            granted = grant(document, entry.booking_id, stamp)
            asks_still = any(e.booking_id == entry.booking_id for e in granted.asked)
            document = decline(granted, entry.booking_id, stamp) if asks_still else granted
    return document


def answers_given(before: SeatsDocument, after: SeatsDocument) -> Counter[BookingState]:
    """Count how those who had asked stand now."""
    asked = {entry.booking_id for entry in open_questions(before)}
    everybody = (*after.taken, *after.waiting, *after.asked, *after.gone)
    return Counter(entry.state for entry in everybody if entry.booking_id in asked)


def _agreed(entry: SeatEntry) -> Withdrawal:
    """Agree to a cancellation, still as the line that asked for it: the family finds its answer there."""
    return Withdrawal(
        entry.booking_id,
        entry.by_confirmation_id or entry.confirmation_id,
        entry.by_line or entry.line,
        forced=True,
    )
