"""The offer and the calendar as messages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from booking.model import Activity, Cell, Period
from booking.model.offer import Offer
from booking.model.people import Child
from booking.render.words import day_text, instant_text


def offer(
    found: Offer,
    children: Iterable[tuple[Child, Sequence[str]]],
    limited: Mapping[str, bool],
    open_periods: Iterable[str],
) -> dict[str, Any]:
    """Write the offer: each child with the activities it may attend.

    Which activities count seats, what is open.
    """
    opened = set(open_periods)
    return {
        "children": [_child(child, activity_ids) for child, activity_ids in children],
        "centres": [
            {"id": centre.id, "name": centre.name}
            for centre in sorted(found.centres.values(), key=lambda centre: centre.name)
        ],
        "activities": [
            _activity(activity, limited=limited[activity.id])
            for activity in sorted(found.activities.values(), key=lambda activity: activity.name)
        ],
        "periods": [_period(period, is_open=period.id in opened) for period in found.periods],
    }


def _child(child: Child, activity_ids: Sequence[str]) -> dict[str, Any]:
    return {
        "id": child.id,
        "first_name": child.first_name,
        "last_name": child.last_name,
        "birth_on": day_text(child.birth_on),
        "activity_ids": list(activity_ids),
    }


def _activity(activity: Activity, *, limited: bool) -> dict[str, Any]:
    return {
        "id": activity.id,
        "name": activity.name,
        "group": activity.group,
        "centre_ids": list(activity.centre_ids),
        "day_parts": [
            {
                "day_part": part.day_part.value,
                "arrives_at": part.arrives.isoformat("minutes"),
                "leaves_at": part.leaves.isoformat("minutes"),
            }
            for part in activity.parts
        ],
        "charging_mode": activity.charging_mode.value,
        "decision_mode": activity.decision_mode.value,
        "needs_enrolment": activity.needs_enrolment,
        "age_min": activity.age_min,
        "age_max": activity.age_max,
        "limited": limited,
    }


def _period(period: Period, *, is_open: bool) -> dict[str, Any]:
    return {
        "id": period.id,
        "name": period.name,
        "centre_ids": list(period.centre_ids),
        "starts_on": day_text(period.starts_on),
        "ends_on": day_text(period.ends_on),
        "opens_at": instant_text(period.opens_at),
        "closes_at": instant_text(period.closes_at),
        "open": is_open,
    }


def calendar_cell(day: date, cell: Cell) -> dict[str, Any]:
    """Write one cell."""
    return {
        "day": day_text(day),
        "state": cell.state.value,
        "mark": cell.mark.value if cell.mark else None,
        "would": cell.would.value if cell.would else None,
        "free": cell.free,
        "rank": cell.rank,
        "booking_id": cell.booking_id,
        "held_until": instant_text(cell.held_until),
        "booking_closes_at": instant_text(cell.booking_closes_at),
        "cancelling_closes_at": instant_text(cell.cancelling_closes_at),
        "reason": cell.reason.value if cell.reason else None,
    }


def calendar_day(
    day: date, holiday: str | None, closure: str | None, school_holiday: str | None
) -> dict[str, Any]:
    """Write what kind of day it is."""
    return {"day": day_text(day), "holiday": holiday, "closure": closure, "school_holiday": school_holiday}
