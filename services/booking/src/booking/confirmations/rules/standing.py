"""Where the lines of a confirmation stand now: as their bookings do, or else as they were answered."""

from collections.abc import Iterable, Mapping

from booking.basket.model import Line
from booking.bookings.model import BookingRecord
from booking.confirmations.model import Confirmation
from booking.vocabulary import Action, BookingState


def states_of(lines: Iterable[Line], records: Mapping[str, BookingRecord]) -> list[BookingState]:
    """Where each line stands: as its booking does now, or else as it was answered.

    Open lines are left out.
    """
    states = []
    for line in lines:
        record = records.get(line.booking_id or "") if line.action is Action.BOOK else None
        if record is not None:
            states.append(record.state)
        elif line.answer is not None:
            states.append(BookingState(line.answer.verdict.value))
    return states


def record_of_line(asked: Confirmation, booking_id: str) -> BookingRecord:
    """The record of a booking that was just confirmed, before the list knows it."""
    line = next(one for one in asked.lines if one.booking_id == booking_id and one.action is Action.BOOK)
    answer = line.answer
    return BookingRecord(
        id=booking_id,
        organisation_id=asked.organisation_id,
        family_id=asked.family_id,
        account_id=asked.account_id,
        facts=line.facts,
        state=BookingState(answer.verdict.value) if answer else BookingState.REFUSED,
        rank=answer.rank if answer else None,
        held_until=answer.held_until if answer else None,
        confirmation_id=asked.id,
        line=line.line,
        seats_id=line.seats_id or "",
        slot=line.slot or "",
    )
