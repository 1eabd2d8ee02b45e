"""What the metrics page says of the seats: how many are held, held too long, and waited for.

Days on which nobody is held or waits are not looked at: the index of what ends next leaves them out.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from booking.seats.store.expressions import all_of, same, those
from booking.vocabulary import BookingState
from chassis.running.gauges import Gauge, Reading
from chassis.storage.documents import Document

if TYPE_CHECKING:
    from pymongo.collection import Collection

DAYS_MAX = 5_000
OVERDUE_AFTER = timedelta(minutes=1)
"""The sweeper frees a seat within seconds of its hold's end; after a minute something keeps it from that."""

HELD = Gauge("marelle_held_places", "Seats that are kept for families while they pay.")
OVERDUE = Gauge(
    "marelle_holds_overdue", "Seats that are still kept more than a minute after their hold's end."
)
WAITING = Gauge("marelle_waiting_places", "Places on waiting lists.")
GAUGES = (HELD, OVERDUE, WAITING)


def looked_at(seats: "Collection[Document]", now: datetime, organisation_ids: Sequence[str]) -> list[Reading]:
    """Return the readings at this instant, of 5,000 days at most, those whose holds end first."""
    stages: list[Document] = [
        {
            "$match": {
                "organisation_id": {"$in": list(organisation_ids)},
                "next_expiry_at": {"$type": "date"},
            }
        },
        {"$limit": DAYS_MAX},
        {"$project": {"_id": 0, **_counts(now)}},
        {"$group": {"_id": None, **{name: {"$sum": f"${name}"} for name in _counts(now)}}},
    ]
    found = next(iter(seats.aggregate(stages)), {})
    return [gauge.reads(found.get(name, 0)) for name, gauge in zip(_counts(now), GAUGES, strict=True)]


def _counts(now: datetime) -> Document:
    held = same("$$e.state", BookingState.HELD.value)
    over = {"$lte": ["$$e.held_until", now - OVERDUE_AFTER]}
    return {
        "held": {"$size": those("$taken", held)},
        "overdue": {"$size": those("$taken", all_of(held, over))},
        "waiting": {"$size": "$waiting"},
    }
