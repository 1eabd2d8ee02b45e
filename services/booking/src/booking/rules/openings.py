"""Openings: on which days an activity takes place, and the empty seats document of such a day."""

from collections.abc import Iterator
from datetime import date, timedelta, tzinfo

from booking.model import (
    Activity,
    DaysOff,
    Gauge,
    OpeningPattern,
    OpenOn,
    PartOfDay,
    Period,
    SeatsDocument,
    Service,
    Slot,
)
from booking.rules.deadlines import closing_instant, wall_instant
from booking.rules.seats import pool_id, seats_id, slot_id


def takes_place(pattern: OpeningPattern, day: date, days_off: DaysOff) -> bool:
    """Say whether an activity opens on a day: its weekday, its kind of day, no holiday, no closure."""
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
    """Find the period of a centre that a day belongs to; the shortest where several overlap."""
    found = [p for p in periods if centre_id in p.centre_ids and p.starts_on <= day <= p.ends_on]
    return min(found, key=lambda period: period.ends_on - period.starts_on, default=None)


def seats_of_day(
    activity: Activity, centre_id: str, service: tuple[date, date | None], days_off: DaysOff, zone: tzinfo
) -> SeatsDocument:
    """Make the empty seats document of an activity's own pool on one day, with the closing instants per slot.

    ``service`` is the day and the first day of the period it belongs to, if any.
    """
    pool, (day, period_starts_on) = pool_id(activity.id, centre_id), service
    slots = tuple(
        _slot(activity, centre_id, part, Service(day, part.arrives, period_starts_on), (days_off, zone))
        for part in activity.parts
    )
    return SeatsDocument(
        id=seats_id(activity.organisation_id, pool, day),
        organisation_id=activity.organisation_id,
        pool_id=pool,
        day=day,
        gauges=tuple(Gauge(gauge.name, gauge.max) for gauge in activity.gauges),
        slots=slots,
    )


def _slot(
    activity: Activity, centre_id: str, part: PartOfDay, service: Service, place: tuple[DaysOff, tzinfo]
) -> Slot:
    days_off, zone = place
    return Slot(
        id=slot_id(activity.id, centre_id, part.day_part),
        activity_id=activity.id,
        centre_id=centre_id,
        day_part=part.day_part,
        gauges=part.gauges,
        starts_at=wall_instant(service.day, part.arrives, zone),
        booking_closes_at=closing_instant(activity.booking_deadline, service, days_off, zone),
        cancelling_closes_at=closing_instant(activity.cancelling_deadline, service, days_off, zone),
        booking_afterwards=activity.booking_deadline.afterwards,
        cancelling_afterwards=activity.cancelling_deadline.afterwards,
        waiting_max=activity.waiting_max,
        promotes_late=activity.promotes_late,
    )
