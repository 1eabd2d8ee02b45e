"""What a confirmation asks of the seats documents, and what their answers make of it.

The order of the steps is the doors', in `docs/rules/confirmations.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from booking.basket.model import Line
from booking.confirmations.model import Confirmation
from booking.seats.model import Answer, SeatOrder, SeatsDocument, Withdrawal
from booking.seats.rules import answer_to_order, answer_to_withdrawal
from booking.vocabulary import Action, ChargingMode, DecisionMode


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
    """The owner of what a confirmation books."""
    return Owner(confirmation.id, confirmation.family_id, confirmation.account_id)


def order_of(line: Line, owner: Owner, holding: Holding) -> SeatOrder:
    """The order for one booking.

    A prepaid seat is held until it is paid, any other is accepted at once.
    """
    prepaid = line.facts.charging_mode is ChargingMode.PREPAID
    return SeatOrder(
        booking_id=line.booking_id or "",
        slot=line.slot or "",
        confirmation_id=owner.confirmation_id,
        line=line.line,
        family_id=owner.family_id,
        account_id=owner.account_id,
        gauges=line.gauges,
        hold_s=holding.hold_s if prepaid else None,
        promoted_hold_s=holding.promoted_hold_s if prepaid else None,
        facts=line.facts,
        decision_mode=line.decision_mode,
    )


def withdrawal_of(line: Line, confirmation: Confirmation) -> Withdrawal:
    """The withdrawal for one cancellation.

    Where staff decides on bookings, it decides on cancellations too.
    """
    return Withdrawal(
        booking_id=line.booking_id or "",
        confirmation_id=confirmation.id,
        line=line.line,
        on_request=line.decision_mode is DecisionMode.ON_REQUEST,
    )


def to_write(confirmation: Confirmation, action: Action) -> list[Line]:
    """The lines that no rule has refused yet."""
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


# --- requests ---------------------------------------------------------------------------------------
