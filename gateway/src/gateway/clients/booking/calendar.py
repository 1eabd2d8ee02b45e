"""What each day is like. A page shows hundreds of these, so they stay the dicts that came, typed."""

from dataclasses import dataclass
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class CalendarAsked:
    """Which days are asked for: of at most 10 children and 62 days, of one activity or of all."""

    child_ids: tuple[str, ...]
    from_on: str
    to_on: str
    activity_id: str | None = None
    centre_id: str | None = None


class CalendarCell(TypedDict):
    """One day of one child in one activity."""

    day: str
    state: str
    mark: str | None
    would: str | None
    free: int | None
    rank: int | None
    booking_id: str | None
    held_until: str | None
    booking_closes_at: str | None
    cancelling_closes_at: str | None
    reason: str | None


class CalendarDay(TypedDict):
    """What is said of the day itself."""

    day: str
    holiday: str | None
    closure: str | None
    school_holiday: str | None


class CalendarSeries(TypedDict):
    """The days of one child in one activity, at one centre, for one part of the day."""

    child_id: str
    activity_id: str
    centre_id: str
    day_part: str
    days: list[CalendarCell]


class AggregateDay(TypedDict):
    """A day with all activities taken together."""

    day: str
    state: str


class Aggregate(TypedDict):
    """The days of one child, all activities taken together."""

    child_id: str
    days: list[AggregateDay]


class Calendar(TypedDict):
    """The days of some children; `aggregates` is empty when one activity was asked for."""

    from_on: str
    to_on: str
    days: list[CalendarDay]
    series: list[CalendarSeries]
    aggregates: list[Aggregate]


class DayActivity(TypedDict):
    """One activity of one child's day."""

    activity_id: str
    activity_name: str
    centre_id: str
    day_part: str
    arrives_at: str | None
    leaves_at: str | None
    cell: CalendarCell


class DayList(TypedDict):
    """The activities of one child's day."""

    day: str
    activities: list[DayActivity]
