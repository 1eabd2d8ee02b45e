"""At which instant a digest leaves, and of which day it is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_digest(now: datetime, digest_at: str, time_zone: str) -> datetime:
    """Return the first instant after `now` at which it is `digest_at` ("07:00") in the time zone.

    An hour that the clocks leave out counts from before they are put forward; of one that they have twice
    the first counts.
    """
    zone = ZoneInfo(time_zone)
    on, at = now.astimezone(zone).date(), time.fromisoformat(digest_at)
    due = datetime.combine(on, at, zone).astimezone(UTC)
    return due if due > now else datetime.combine(on + timedelta(days=1), at, zone).astimezone(UTC)


def of_day(now: datetime, time_zone: str) -> date:
    """Return the day that it is in the time zone: a person has one digest of it."""
    return now.astimezone(ZoneInfo(time_zone)).date()
