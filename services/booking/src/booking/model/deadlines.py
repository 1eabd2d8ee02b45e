"""Deadlines: what a rule says, and the moment of care it protects."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class Anchor(StrEnum):
    """What a deadline is counted back from."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    PERIOD_START = "period_start"


class Unit(StrEnum):
    """The unit of a deadline's offset for the anchors ``day`` and ``period_start``."""

    DAY = "day"
    HOUR = "hour"
    WEEK = "week"


class Counting(StrEnum):
    """Which days the walk back from the service day counts."""

    CALENDAR = "calendar"
    WORKING = "working"
    BUSINESS = "business"
    CLEAR = "clear"
    WEEKDAYS = "weekdays"


class Afterwards(StrEnum):
    """What happens to somebody who comes after the deadline."""

    REFUSE = "refuse"
    REQUEST = "request"
    SURCHARGE = "surcharge"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One deadline, for booking or for cancelling; see ``docs/rules/deadlines.md``.

    ``on`` is an ISO weekday (1 = Monday) for week anchors and a day of the month for month anchors;
    ``weekdays`` are ISO weekdays, used with ``Counting.WEEKDAYS`` only; ``cut_off_minutes`` counts from
    midnight of the organisation's wall clock, 1440 being 24:00.
    """

    anchor: Anchor = Anchor.DAY
    on: int | None = None
    offset: int = 0
    unit: Unit = Unit.DAY
    counting: Counting = Counting.CALENDAR
    weekdays: frozenset[int] = frozenset()
    skip_holidays: bool = False
    skip_closures: bool = False
    cut_off_minutes: int = 1440
    afterwards: Afterwards = Afterwards.REFUSE


@dataclass(frozen=True, slots=True)
class Service:
    """The moment of care that a deadline protects, in the organisation's wall-clock time."""

    day: date
    starts: time
    period_starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The days that a deadline may be told not to count, and that an opening pattern minds."""

    holidays: frozenset[date] = frozenset()
    closures: frozenset[date] = frozenset()
    school_holidays: frozenset[date] = frozenset()
