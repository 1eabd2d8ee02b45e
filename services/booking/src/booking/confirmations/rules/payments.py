"""The money of a confirmation: what billing is told of it, and what its answers make of the lines."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from booking.basket.model import Line
from booking.bookings.model import BookingRecord
from booking.confirmations.model import Confirmation
from booking.seats.model import Answer
from booking.vocabulary import Action, BookingState, ChargingMode, SettlementAnswer, SettlementState, Verdict


def held(lines: Iterable[Line]) -> list[Line]:
    """The lines that wait for a payment."""
    return [line for line in lines if line.answer is not None and line.answer.verdict is Verdict.HELD]


def credited(lines: Iterable[Line]) -> list[Line]:
    """The cancellations that may give money back."""
    return [
        line
        for line in lines
        if line.action is Action.CANCEL
        and line.facts.charging_mode is ChargingMode.PREPAID
        and line.answer is not None
        and line.answer.verdict is Verdict.CANCELLED
        and line.answer.in_time
    ]


def to_settle(lines: Sequence[Line], now: datetime) -> bool:
    """Whether billing must be asked.

    Somebody has still time to pay, or is to be given something back.
    """
    return bool(credited(lines)) or any(_alive(line, now) for line in held(lines))


def _alive(line: Line, now: datetime) -> bool:
    answer = line.answer
    return answer is not None and answer.held_until is not None and answer.held_until > now


def pays_until(confirmation: Confirmation, hold_s: int) -> datetime:
    """Until when asking billing again has a sense.

    The end of the longest hold, or as long from the question.
    """
    ends = [
        line.answer.held_until for line in held(confirmation.lines) if line.answer and line.answer.held_until
    ]
    return max(ends, default=confirmation.asked_at + timedelta(seconds=hold_s))


def unknown_payment(lines: Sequence[Line]) -> SettlementAnswer:
    """What is known of the money while billing is silent: nothing but until when seats are held."""
    return SettlementAnswer(state=SettlementState.PENDING, held_until=held_until(lines))


def held_until(lines: Sequence[Line]) -> datetime | None:
    """When the first of the held seats is freed."""
    ends = [line.answer.held_until for line in held(lines) if line.answer and line.answer.held_until]
    return min(ends, default=None)


def paid_at_once(confirmation: Confirmation, now: datetime) -> Confirmation:
    """Turn held lines into accepted ones: avoirs have paid them before the answer was given.

    A hold that had ended by then may have lost its seat: what became of it is for the list to say.
    """
    paid = {line.line for line in held(confirmation.lines) if _alive(line, now)}
    lines = tuple(
        replace(line, answer=Answer(Verdict.ACCEPTED, booking_id=line.booking_id))
        if line.line in paid
        else line
        for line in confirmation.lines
    )
    return replace(confirmation, lines=lines)


def unpaid(lines: Iterable[Line], paid: Collection[str]) -> list[Line]:
    """The held lines that none of these payments covers."""
    return [line for line in held(lines) if line.booking_id not in paid]


def payment_now(one: Confirmation, records: Mapping[str, BookingRecord]) -> SettlementAnswer:
    """Where the money of a confirmation stands: nothing is due any more once no seat is held for it."""
    if one.money.state not in {SettlementState.DUE, SettlementState.PENDING}:
        return one.money
    states = {
        record.state if (record := records.get(line.booking_id or "")) else BookingState.HELD
        for line in held(one.lines)
    }
    if not states or BookingState.HELD in states:
        return one.money
    if BookingState.ACCEPTED in states:
        return settled_now(one.money)
    return SettlementAnswer(credit_notes=one.money.credit_notes)


def settled_now(money: SettlementAnswer) -> SettlementAnswer:
    """What was due and has been paid; the avoirs of what was cancelled stay."""
    return SettlementAnswer(
        state=SettlementState.SETTLED, offices=money.offices, credit_notes=money.credit_notes
    )
