"""What an organisation offers, taken together: its centres, activities, periods, and its calendar of days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from booking.model.activities import Activity, Period
from booking.model.people import Organisation


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
