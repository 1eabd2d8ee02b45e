"""The offer as a message."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from booking.copies.model import Child
from booking.labels import day_text, instant_text
from booking.offer.model import Activity, Offer, Period


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
