"""How movements and lines lie in MongoDB, in drafts and in confirmations, both ways."""

from datetime import date
from typing import Any

from booking.basket.model import Line, Movement
from booking.seats.model import Answer
from booking.vocabulary import (
    Action,
    ChargingMode,
    DayPart,
    DecisionMode,
    Office,
    Reason,
    Verdict,
)

_SAME = (
    "line",
    "booking_id",
    "child_id",
    "child_name",
    "activity_id",
    "activity_name",
    "activity_group",
    "centre_id",
    "centre_name",
    "arrives_at",
    "leaves_at",
    "seats_id",
    "slot",
    "period_id",
    "cost_cents",
    "cancellable_until",
    "may_overlap",
)


def movement_row(movement: Movement) -> dict[str, Any]:
    """Give the sub-document of a movement."""
    return {
        "action": movement.action.value,
        "child_id": movement.child_id,
        "activity_id": movement.activity_id,
        "centre_id": movement.centre_id,
        "day": movement.day.isoformat(),
        "day_part": movement.day_part.value,
    }


def movement_of(row: dict[str, Any]) -> Movement:
    """Read a movement's sub-document."""
    return Movement(
        action=Action(row["action"]),
        child_id=row["child_id"],
        activity_id=row["activity_id"],
        centre_id=row["centre_id"],
        day=date.fromisoformat(row["day"]),
        day_part=DayPart(row["day_part"]),
    )


def line_row(line: Line) -> dict[str, Any]:
    """Give the sub-document of a line."""
    row = {name: getattr(line, name) for name in _SAME}
    row["action"] = line.action.value
    row["day"] = line.day.isoformat()
    row["day_part"] = line.day_part.value
    row["charging_mode"] = line.charging_mode.value
    row["decision_mode"] = line.decision_mode.value
    row["gauges"] = list(line.gauges)
    row["answer"] = answer_row(line.answer)
    return row


def line_of(row: dict[str, Any]) -> Line:
    """Read a line's sub-document."""
    return Line(
        **{name: row[name] for name in _SAME},
        action=Action(row["action"]),
        day=date.fromisoformat(row["day"]),
        day_part=DayPart(row["day_part"]),
        charging_mode=ChargingMode(row["charging_mode"]),
        decision_mode=DecisionMode(row["decision_mode"]),
        gauges=tuple(row["gauges"]),
        answer=_answer_of(row["answer"]),
    )


def answer_row(answer: Answer | None) -> dict[str, Any] | None:
    """Give the sub-document of an answer."""
    if answer is None:
        return None
    return {
        "verdict": answer.verdict.value,
        "reason": answer.reason.value if answer.reason else None,
        "rank": answer.rank,
        "held_until": answer.held_until,
        "booking_id": answer.booking_id,
        "in_time": answer.in_time,
    }


def _answer_of(row: dict[str, Any] | None) -> Answer | None:
    if row is None:
        return None
    return Answer(
        verdict=Verdict(row["verdict"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        rank=row["rank"],
        held_until=row["held_until"],
        booking_id=row["booking_id"],
        in_time=row.get("in_time", True),
    )


def office_row(office: Office) -> dict[str, Any]:
    """Give the sub-document of what a cash office asks for."""
    return {
        "cash_office_id": office.cash_office_id,
        "name": office.name,
        "bookings_cents": office.bookings_cents,
        "credits_used_cents": office.credits_used_cents,
        "amount_due_cents": office.amount_due_cents,
    }
