"""What of an offer applies to one centre and one day.

Its period, its days off, the names of its closures.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from booking.copies.model import Child
from booking.offer.model import Activity, ClosureKind, DaysOff, Offer, OfferedSlot, Period
from booking.offer.rules.attending import refusal


def is_open(period: Period | None, now: datetime) -> bool:
    """Whether a period takes bookings now. A day in no period takes none."""
    if period is None:
        return False
    opened = period.opens_at is None or period.opens_at <= now
    return opened and (period.closes_at is None or now < period.closes_at)


def days_off(offer: Offer, centre_id: str) -> DaysOff:
    """Gather the holidays, closures and school holidays that count for one centre."""
    closures = [closure for closure in offer.closures if closure.centre_id in {None, centre_id}]
    return DaysOff(
        holidays=frozenset(offer.holidays),
        closures=frozenset(
            day
            for closure in closures
            if closure.kind is ClosureKind.CLOSURE
            for day in days_between(closure.starts_on, closure.ends_on)
        ),
        school_holidays=frozenset(
            day
            for closure in closures
            if closure.kind is ClosureKind.SCHOOL_HOLIDAY
            for day in days_between(closure.starts_on, closure.ends_on)
        ),
    )


def closure_name(offer: Offer, day: date, kind: ClosureKind, centre_id: str | None) -> str | None:
    """Name the closure or school holiday of a day: of one centre, or of all centres when none is chosen."""
    centres = {None} if centre_id is None else {None, centre_id}
    return next(
        (
            closure.name
            for closure in offer.closures
            if closure.kind is kind
            and closure.centre_id in centres
            and closure.starts_on <= day <= closure.ends_on
        ),
        None,
    )


def days_between(first: date, last: date) -> Iterator[date]:
    """Walk from the first day to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def slots_of(offer: Offer, activity_ids: Iterable[str], centre_id: str | None) -> Iterator[OfferedSlot]:
    """Walk over the slots of some activities, at one centre or at all of theirs."""
    for activity_id in activity_ids:
        activity = offer.activities.get(activity_id)
        if activity is None:
            continue
        for centre in activity.centre_ids:
            if centre_id in {None, centre}:
                for part in activity.parts:
                    yield OfferedSlot(activity, centre, part)


def is_limited(activity: Activity) -> bool:
    """Whether the activity counts its seats."""
    return any(gauge.max is not None for gauge in activity.gauges)


def may_attend(child: Child, offer: Offer, today: date) -> list[str]:
    """List the activities that a child may attend on some day to come: today, or at an end of a period."""
    coming = [period for period in offer.periods if period.ends_on >= today]
    days = {today, *(p.starts_on for p in coming if p.starts_on >= today), *(p.ends_on for p in coming)}
    return [
        activity.id
        for activity in offer.activities.values()
        if any(refusal(activity, child, day, offer.school_year_starts_on) is None for day in days)
    ]
