"""Openings: on which days an activity takes place, and the period of a day."""

from collections.abc import Iterator
from datetime import date, timedelta

from booking.offer.model import DaysOff, OpeningPattern, OpenOn, Period


def takes_place(pattern: OpeningPattern, day: date, days_off: DaysOff) -> bool:
    """Whether an activity opens on a day: its weekday, its kind of day, no holiday, no closure."""
    if day.isoweekday() not in pattern.weekdays or day in days_off.holidays or day in days_off.closures:
        return False
    if (pattern.starts_on and day < pattern.starts_on) or (pattern.ends_on and day > pattern.ends_on):
        return False
    if pattern.on is OpenOn.ALL:
        return True
    return (day in days_off.school_holidays) == (pattern.on is OpenOn.HOLIDAYS)


def opening_days(pattern: OpeningPattern, span: tuple[date, date], days_off: DaysOff) -> Iterator[date]:
    """Walk through the days of a span, both ends included, on which the pattern opens."""
    day = span[0]
    while day <= span[1]:
        if takes_place(pattern, day, days_off):
            yield day
        day += timedelta(days=1)


def period_of(periods: tuple[Period, ...], centre_id: str, day: date) -> Period | None:
    """The period of a centre that a day belongs to; the shortest where several overlap."""
    found = [p for p in periods if centre_id in p.centre_ids and p.starts_on <= day <= p.ends_on]
    return min(found, key=lambda period: period.ends_on - period.starts_on, default=None)
