"""What is offered: activities, their day parts, gauges and opening days, and the periods."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from booking.model.bookings import ChargingMode, DayPart, DecisionMode
from booking.model.deadlines import DeadlineRule


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
class Period:
    """A span of days that opens to booking at an instant and closes at another."""

    id: str
    name: str
    centre_ids: tuple[str, ...]
    starts_on: date
    ends_on: date
    opens_at: datetime | None
    closes_at: datetime | None
