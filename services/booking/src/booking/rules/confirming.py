"""What a confirmation asks of seats documents and of billing, and what its answers make of it.

Here is what follows from its lines; the order of the steps is the door's, in `docs/rules/confirmations.md`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from booking.model import (
    Action,
    Answer,
    ChargingMode,
    DecisionMode,
    Order,
    SeatsDocument,
    Verdict,
    Withdrawal,
)
from booking.model.baskets import Confirmation, Line, NumberedRequest, Payment, PaymentState
from booking.rules.seats import answer_to_order, answer_to_withdrawal


@dataclass(frozen=True, slots=True)
class Holding:
    """How long a seat is kept for somebody who has to pay, in seconds: at once, and after waiting."""

    hold_s: int
    promoted_hold_s: int


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose booking it is, and by which confirmation."""

    confirmation_id: str
    family_id: str
    account_id: str | None


def owner_of(confirmation: Confirmation) -> Owner:
    """Name the owner of what a confirmation books."""
    return Owner(confirmation.id, confirmation.family_id, confirmation.account_id)


def facts(line: Line, owner: Owner) -> dict[str, Any]:
    """Say what never changes about a booking: it goes into the first event of its seat.

    Days and hours are text.
    """
    return {
        "booking_id": line.booking_id,
        "confirmation_id": owner.confirmation_id,
        "line": line.line,
        "child_id": line.child_id,
        "child_name": line.child_name,
        "family_id": owner.family_id,
        "account_id": owner.account_id,
        "activity_id": line.activity_id,
        "activity_name": line.activity_name,
        "activity_group": line.activity_group,
        "centre_id": line.centre_id,
        "centre_name": line.centre_name,
        "day": line.day.isoformat(),
        "day_part": line.day_part.value,
        "charging_mode": line.charging_mode.value,
        "arrives_at": line.arrives_at,
        "leaves_at": line.leaves_at,
        "cost_cents": line.cost_cents,
    }


def order_of(line: Line, owner: Owner, holding: Holding) -> Order:
    """Make the order for one booking.

    A prepaid seat is held until it is paid, any other is accepted at once.
    """
    prepaid = line.charging_mode is ChargingMode.PREPAID
    return Order(
        booking_id=line.booking_id or "",
        slot=line.slot or "",
        child_id=line.child_id,
        confirmation_id=owner.confirmation_id,
        line=line.line,
        family_id=owner.family_id,
        gauges=line.gauges,
        hold_s=holding.hold_s if prepaid else None,
        promoted_hold_s=holding.promoted_hold_s if prepaid else None,
        facts=facts(line, owner),
        decision_mode=line.decision_mode,
    )


def withdrawal_of(line: Line, confirmation: Confirmation) -> Withdrawal:
    """Make the withdrawal for one cancellation.

    Where staff decides on bookings, it decides on cancellations too.
    """
    return Withdrawal(
        booking_id=line.booking_id or "",
        confirmation_id=confirmation.id,
        line=line.line,
        on_request=line.decision_mode is DecisionMode.ON_REQUEST,
    )


def to_write(confirmation: Confirmation, action: Action) -> list[Line]:
    """Pick the lines that no rule has refused yet."""
    return [
        line for line in confirmation.lines if line.action is action and line.answer is None and line.seats_id
    ]


def answered(
    confirmation: Confirmation, documents: Mapping[str, SeatsDocument], holding: Holding, now: datetime
) -> Confirmation:
    """Read every line's answer from the seats documents; what a rule has refused stays refused."""

    def answer(line: Line) -> Answer:
        if line.answer is not None:
            return line.answer
        document = documents.get(line.seats_id or "")
        if line.action is Action.CANCEL:
            return answer_to_withdrawal(document, withdrawal_of(line, confirmation))
        return answer_to_order(document, order_of(line, owner_of(confirmation), holding), now)

    return replace(
        confirmation, lines=tuple(replace(line, answer=answer(line)) for line in confirmation.lines)
    )


def held(lines: Iterable[Line]) -> list[Line]:
    """Pick the lines that wait for a payment."""
    return [line for line in lines if line.answer is not None and line.answer.verdict is Verdict.HELD]


def credited(lines: Iterable[Line]) -> list[Line]:
    """Pick the cancellations that may give money back."""
    return [
        line
        for line in lines
        if line.action is Action.CANCEL
        and line.charging_mode is ChargingMode.PREPAID
        and line.answer is not None
        and line.answer.verdict is Verdict.CANCELLED
        and line.answer.in_time
    ]


def to_settle(lines: Sequence[Line], now: datetime) -> bool:
    """Tell whether billing must be asked.

    Somebody has still time to pay, or is to be given something back.
    """
    return bool(credited(lines)) or any(_alive(line, now) for line in held(lines))


def _alive(line: Line, now: datetime) -> bool:
    answer = line.answer
    return answer is not None and answer.held_until is not None and answer.held_until > now


def pays_until(confirmation: Confirmation, hold_s: int) -> datetime:
    """Say until when asking billing again has a sense.

    The end of the longest hold, or as long from the question.
    """
    ends = [
        line.answer.held_until for line in held(confirmation.lines) if line.answer and line.answer.held_until
    ]
    return max(ends, default=confirmation.asked_at + timedelta(seconds=hold_s))


def unknown_payment(lines: Sequence[Line]) -> Payment:
    """Say what is known of the money while billing is silent: nothing but until when seats are held."""
    return Payment(state=PaymentState.PENDING, held_until=held_until(lines))


def held_until(lines: Sequence[Line]) -> datetime | None:
    """Say when the first of the held seats is freed."""
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


# --- requests ---------------------------------------------------------------------------------------


def request_keys(lines: Iterable[Line]) -> list[tuple[str, str, str | None]]:
    """Group lines into requests: one per child, centre and period, in the order of the lines."""
    return list(dict.fromkeys((line.child_id, line.centre_id, line.period_id) for line in lines))


def requests_of(
    confirmation_id: str, lines: Iterable[Line], numbers: Sequence[str]
) -> tuple[NumberedRequest, ...]:
    """Number the requests of a confirmation; a request's id says which confirmation it belongs to."""
    keys = request_keys(lines)
    return tuple(
        NumberedRequest(f"{confirmation_id}.{place}", number, child_id, centre_id, period_id)
        for place, (number, (child_id, centre_id, period_id)) in enumerate(zip(numbers, keys, strict=True))
    )


def lines_of_request(confirmation: Confirmation, request: NumberedRequest) -> list[Line]:
    """Pick the lines of one request."""
    key = (request.child_id, request.centre_id, request.period_id)
    return [line for line in confirmation.lines if (line.child_id, line.centre_id, line.period_id) == key]


def unpaid(lines: Iterable[Line], paid: Collection[str]) -> list[Line]:
    """Pick the held lines that none of these payments covers."""
    return [line for line in held(lines) if line.booking_id not in paid]
