"""What an organisation offers and decides: deadlines, activities, periods, centres, days off, settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.copies.model import Organisation
from booking.vocabulary import ChargingMode, DayPart, DecisionMode

SCHOOL_YEAR_STARTS_ON = "09-01"
"""Month and day in metropolitan France; in Réunion it is in August, in New Caledonia in February."""


@dataclass(frozen=True, slots=True)
class BookingSettings:
    """What an organisation decides about bookings; ``version`` counts the changes.

    ``hold_s`` is how many seconds a seat is held for a family that has to pay it, ``promoted_hold_s`` the
    same for one that had waited for the seat; see ``docs/rules/seats.md``. ``school_year_starts_on`` is the
    month and day from which enrolments of the next school year count.
    """

    version: int = 0
    hold_s: int = 1_500
    promoted_hold_s: int = 86_400
    school_year_starts_on: str = SCHOOL_YEAR_STARTS_ON


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
class CareTime:
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


class OpenOn(StrEnum):
    """The kind of days on which an activity opens."""

    SCHOOL_DAYS = "school_days"
    HOLIDAYS = "holidays"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class OpeningPattern:
    """The days on which an activity takes place: ISO weekdays, the kind of days, and a span of dates."""

    weekdays: frozenset[int]
    on: OpenOn = OpenOn.SCHOOL_DAYS
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """One day part of an activity with its wall-clock times and the gauges that a child in it uses."""

    day_part: DayPart
    arrives: time
    leaves: time
    gauges: tuple[str, ...] = ("places",)


@dataclass(frozen=True, slots=True)
class Gauge:
    """A limited number of places; ``taken`` is counted by every write and read by calendars."""

    name: str
    max: int | None
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """What a family books. Ages are full years on the day of care, both ends included."""

    id: str
    organisation_id: str
    name: str
    group: str
    centre_ids: tuple[str, ...]
    parts: tuple[PartOfDay, ...]
    gauges: tuple[Gauge, ...]
    waiting_max: int | None
    pattern: OpeningPattern
    booking_deadline: DeadlineRule
    cancelling_deadline: DeadlineRule
    decision_mode: DecisionMode = DecisionMode.INSTANT
    charging_mode: ChargingMode = ChargingMode.INVOICED
    needs_enrolment: bool = False
    age_min: int | None = None
    age_max: int | None = None
    promotes_late: bool = False


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """What a child may book on an activity's days: the activity at one centre in one part of the day."""

    activity: Activity
    centre_id: str
    part: PartOfDay


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days that opens to booking at an instant and closes at another."""

    id: str
    name: str
    centre_ids: tuple[str, ...]
    starts_on: date
    ends_on: date
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Centre:
    """A place that receives children."""

    id: str
    name: str


class ClosureKind(StrEnum):
    """Why days differ: the centre is closed, or school is out."""

    CLOSURE = "closure"
    SCHOOL_HOLIDAY = "school_holiday"


@dataclass(frozen=True, slots=True)
class Closure:
    """A span of days, both ends included, of one centre or (``centre_id`` None) of all."""

    centre_id: str | None
    starts_on: date
    ends_on: date
    name: str
    kind: ClosureKind


@dataclass(frozen=True, slots=True)
class Offer:
    """All that is offered in one organisation; small enough to be read whole."""

    organisation: Organisation
    centres: Mapping[str, Centre]
    activities: Mapping[str, Activity]
    periods: tuple[Period, ...]
    holidays: Mapping[date, str]
    closures: tuple[Closure, ...]
    school_year_starts_on: str = SCHOOL_YEAR_STARTS_ON

    def today(self, now: datetime) -> date:
        """The day that it is where the organisation is."""
        return now.astimezone(ZoneInfo(self.organisation.time_zone)).date()
