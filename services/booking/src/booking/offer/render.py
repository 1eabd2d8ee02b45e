"""The offer as a message."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from booking.copies.model import Child
from booking.labels import day_text, instant_text
from booking.offer.model import Activity, Offer, Period
from booking.offer.rules.offering import is_limited, is_open, may_attend
from chassis.storage.documents import Document
from chassis.values.collation import alphabetical


def offer(found: Offer, children: Iterable[Child], now: datetime) -> Document:
    """Write the offer: each child with the activities it may attend, what counts seats, what is open."""
    today = found.today(now)
    return {
        "children": [_child(child, may_attend(child, found, today)) for child in children],
        "centres": [
            {"id": centre.id, "name": centre.name}
            for centre in sorted(found.centres.values(), key=lambda centre: alphabetical(centre.name))
        ],
        "activities": [
            _activity(activity)
            for activity in sorted(
                found.activities.values(), key=lambda activity: alphabetical(activity.name)
            )
        ],
        "periods": [_period(period, now) for period in found.periods],
    }


def _child(child: Child, activity_ids: Sequence[str]) -> Document:
    return {
        "id": child.id,
        "first_name": child.first_name,
        "last_name": child.last_name,
        "birth_on": day_text(child.birth_on),
        "activity_ids": list(activity_ids),
    }


def _activity(activity: Activity) -> Document:
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
        "limited": is_limited(activity),
    }


def _period(period: Period, now: datetime) -> Document:
    return {
        "id": period.id,
        "name": period.name,
        "centre_ids": list(period.centre_ids),
        "starts_on": day_text(period.starts_on),
        "ends_on": day_text(period.ends_on),
        "opens_at": instant_text(period.opens_at),
        "closes_at": instant_text(period.closes_at),
        "open": is_open(period, now),
    }
