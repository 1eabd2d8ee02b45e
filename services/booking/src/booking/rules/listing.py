"""What lists say of bookings: where each line stands now, and whether it can still be given back."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from booking.model import Action, Reason, Slot, State
from booking.model.baskets import BookingRecord, Confirmation, Line, Payment, PaymentState
from booking.rules.calendar import cancellable
from booking.rules.confirming import held

STANDING = frozenset({State.HELD, State.ACCEPTED, State.REQUESTED, State.SUBMITTED, State.WAITLISTED})


def states_of(lines: Iterable[Line], records: Mapping[str, BookingRecord]) -> list[State]:
    """Say where each line stands: as its booking does now, or else as it was answered.

    Open lines are left out.
    """
    states = []
    for line in lines:
        record = records.get(line.booking_id or "") if line.action is Action.BOOK else None
        if record is not None:
            states.append(record.state)
        elif line.answer is not None:
            states.append(State(line.answer.verdict.value))
    return states


def payment_now(one: Confirmation, records: Mapping[str, BookingRecord]) -> Payment:
    """Say where the money of a confirmation stands: nothing is due any more once no seat is held for it."""
    if one.money.state not in {PaymentState.DUE, PaymentState.PENDING}:
        return one.money
    states = {
        record.state if (record := records.get(line.booking_id or "")) else State.HELD
        for line in held(one.lines)
    }
    if not states or State.HELD in states:
        return one.money
    if State.ACCEPTED in states:
        return Payment(state=PaymentState.SETTLED, offices=one.money.offices)
    return Payment()


def why_not_cancellable(record: BookingRecord, slot: Slot | None, now: datetime) -> Reason | None:
    """Say why a booking can't be given back, or None when it can."""
    if record.state not in STANDING:
        return Reason.NOT_BOOKED
    if slot is not None and not cancellable(slot, now):
        return Reason.PAST_DEADLINE
    return None


def record_of_line(asked: Confirmation, booking_id: str) -> BookingRecord:
    """Make the record of a booking that was just confirmed, before the list knows it."""
    line = next(one for one in asked.lines if one.booking_id == booking_id and one.action is Action.BOOK)
    answer = line.answer
    return BookingRecord(
        id=booking_id,
        organisation_id=asked.organisation_id,
        family_id=asked.family_id,
        account_id=asked.account_id,
        child_id=line.child_id,
        child_name=line.child_name,
        activity_id=line.activity_id,
        activity_name=line.activity_name,
        activity_group=line.activity_group,
        centre_id=line.centre_id,
        centre_name=line.centre_name,
        day=line.day,
        day_part=line.day_part,
        arrives_at=line.arrives_at,
        leaves_at=line.leaves_at,
        charging_mode=line.charging_mode,
        cost_cents=line.cost_cents,
        state=State(answer.verdict.value) if answer else State.REFUSED,
        rank=answer.rank if answer else None,
        held_until=answer.held_until if answer else None,
        cancellable_until=line.cancellable_until,
        confirmation_id=asked.id,
        line=line.line,
        seats_id=line.seats_id or "",
        slot=line.slot or "",
    )
