"""The days on which activities take place as they are offered, each as an empty seats document."""

from collections.abc import Iterator
from datetime import date, tzinfo
from zoneinfo import ZoneInfo

from booking.offer.model import Activity, CareTime, DaysOff, Gauge, Offer, PartOfDay
from booking.offer.rules.deadlines import closing_instant, wall_instant
from booking.offer.rules.offering import days_off
from booking.offer.rules.openings import opening_days, period_of
from booking.seats.model import SeatsDocument, Slot
from booking.seats.rules.ids import pool_id, seats_id, slot_id


def offered_days(
    offer: Offer, span: tuple[date, date], centre_id: str | None = None
) -> Iterator[SeatsDocument]:
    """Walk over the days of a span that the offer opens, at one centre or at all."""
    zone = ZoneInfo(offer.organisation.time_zone)
    off = {each: days_off(offer, each) for each in offer.centres}
    for activity, place in pools_offered(offer, centre_id):
        for day in opening_days(activity.pattern, span, off[place]):
            period = period_of(offer.periods, place, day)
            if period is not None:
                yield seats_of_day(activity, place, (day, period.starts_on), off[place], zone)


def pools_offered(offer: Offer, centre_id: str | None = None) -> list[tuple[Activity, str]]:
    """List the activities with each of their centres, or with one."""
    return [
        (activity, place)
        for activity in offer.activities.values()
        for place in activity.centre_ids
        if place in offer.centres and centre_id in {None, place}
    ]


def seats_of_day(
    activity: Activity, centre_id: str, service: tuple[date, date | None], days_off: DaysOff, zone: tzinfo
) -> SeatsDocument:
    """The empty seats document of an activity's own pool on one day, with the closing instants per slot.

    ``service`` is the day and the first day of the period it belongs to, if any.
    """
    pool, (day, period_starts_on) = pool_id(activity.id, centre_id), service
    slots = tuple(
        _slot(activity, centre_id, part, CareTime(day, part.arrives, period_starts_on), (days_off, zone))
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
    activity: Activity, centre_id: str, part: PartOfDay, service: CareTime, place: tuple[DaysOff, tzinfo]
) -> Slot:
    days_off, zone = place
    return Slot(
        id=slot_id(activity.id, centre_id, part.day_part),
        activity_id=activity.id,
        centre_id=centre_id,
        day_part=part.day_part,
        gauges=part.gauges,
        starts_at=wall_instant(service.day, part.arrives, zone),
        ends_at=wall_instant(service.day, part.leaves, zone),
        booking_closes_at=closing_instant(activity.booking_deadline, service, days_off, zone),
        cancelling_closes_at=closing_instant(activity.cancelling_deadline, service, days_off, zone),
        booking_afterwards=activity.booking_deadline.afterwards,
        cancelling_afterwards=activity.cancelling_deadline.afterwards,
        waiting_max=activity.waiting_max,
        promotes_late=activity.promotes_late,
    )
