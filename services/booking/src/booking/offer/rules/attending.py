"""Whether a child may attend an activity on a day, by its age and its enrolment."""

from datetime import date

from booking.copies.model import Child
from booking.offer.model import SCHOOL_YEAR_STARTS_ON, Activity
from booking.vocabulary import Reason

ACCEPTED = "accepted"


def school_year(day: date, starts_on: str) -> str:
    """Name the school year of a day; `starts_on` is the month and day on which it begins there, "09-01"."""
    first = day.year if day.strftime("%m-%d") >= starts_on else day.year - 1
    return f"{first}-{first + 1}"


def age_on(birth_on: date, day: date) -> int:
    """Count the full years; who is born on a 29 February is a year older on 1 March."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def refusal(
    activity: Activity, child: Child, day: date, school_year_starts_on: str = SCHOOL_YEAR_STARTS_ON
) -> Reason | None:
    """Why a child may not attend an activity on a day, or None when it may."""
    if activity.needs_enrolment and not _enrolled(activity, child, school_year(day, school_year_starts_on)):
        return Reason.NOT_ENROLLED
    if activity.age_min is None and activity.age_max is None:
        return None
    if child.birth_on is None:
        return Reason.AGE
    age = age_on(child.birth_on, day)
    too_young = activity.age_min is not None and age < activity.age_min
    too_old = activity.age_max is not None and age > activity.age_max
    return Reason.AGE if too_young or too_old else None


def _enrolled(activity: Activity, child: Child, year: str) -> bool:
    return any(
        enrolment.activity_id == activity.id and enrolment.school_year == year and enrolment.state == ACCEPTED
        for enrolment in child.enrolments
    )
