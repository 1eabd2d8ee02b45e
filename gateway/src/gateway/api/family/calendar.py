"""The planning: one colour per day, and the list of one day's activities."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from gateway import clients, session
from gateway.api.fields import Asked, Day, Id, Instant, Int, One, Str, each
from gateway.api.names import AGGREGATE_STATES, CELL_STATES, DAY_PARTS, MARKS, OUTLOOKS
from gateway.api.operation import Resource
from gateway.clients import booking
from gateway.errors import Refused
from gateway.pages.addresses import is_day

blueprint = Resource("calendar", __name__, description="What may be booked, day by day")

CHILDREN_MAX: Final = 10
DAYS_MAX: Final = 62


@dataclass(frozen=True, slots=True)
class CalendarQuery:
    """Which children and which days, from `first` to `last`, are asked for."""

    child: list[str]
    first: str
    last: str
    activity: str | None = None
    centre: str | None = None


class CalendarQuerySchema(Asked):
    """Which children and which days; `child` may be repeated."""

    into = CalendarQuery

    child = fields.List(Id(), required=True, validate=validate.Length(1, CHILDREN_MAX))
    activity = Id(required=False)
    centre = Id(required=False)
    first = Day(data_key="from")
    last = Day(data_key="to")

    @validates_schema
    def _check_span(self, data: dict[str, Any], **_: object) -> None:
        days = (date.fromisoformat(data["last"]) - date.fromisoformat(data["first"])).days + 1
        if not 1 <= days <= DAYS_MAX:
            raise ValidationError(f"The span must hold 1 to {DAYS_MAX} days.", "to")


class Cell(Schema):
    """One day of one child in one activity."""

    day = Day()
    state = Str(validate=validate.OneOf(CELL_STATES))
    mark = Str(validate=validate.OneOf(MARKS), allow_none=True)
    would = Str(validate=validate.OneOf(OUTLOOKS), allow_none=True)
    free = Int(allow_none=True, metadata={"description": "seats left, where capacity is limited"})
    rank = Int(allow_none=True)
    booking_id = Id(allow_none=True)
    held_until = Instant(allow_none=True)
    booking_closes_at = Instant(allow_none=True)
    cancelling_closes_at = Instant(allow_none=True)
    reason = Str(allow_none=True)


class CalendarDay(Schema):
    """What is said of the day itself."""

    day = Day()
    holiday = Str(allow_none=True)
    closure = Str(allow_none=True)
    school_holiday = Str(allow_none=True)


class Series(Schema):
    """The days of one child in one activity, at one centre, for one part of the day."""

    child_id = Id()
    activity_id = Id()
    centre_id = Id()
    day_part = Str(validate=validate.OneOf(DAY_PARTS))
    days = each(Cell)


class AggregateDay(Schema):
    """A day with all activities taken together."""

    day = Day()
    state = Str(validate=validate.OneOf(AGGREGATE_STATES))


class Aggregate(Schema):
    """The days of one child, all activities taken together."""

    child_id = Id()
    days = each(AggregateDay)


class Calendar(Schema):
    """The planning; `aggregates` is empty when one activity was asked for."""

    from_on = Day()
    to_on = Day()
    days = each(CalendarDay)
    series = each(Series)
    aggregates = each(Aggregate, allow_none=True)


@dataclass(frozen=True, slots=True)
class DayQuery:
    """Whose day is asked for."""

    child: str
    centre: str | None = None


class DayQuerySchema(Asked):
    """Whose day it is."""

    into = DayQuery

    child = Id()
    centre = Id(required=False)


class DayActivity(Schema):
    """One activity of the day."""

    activity_id = Id()
    activity_name = Str()
    centre_id = Id()
    day_part = Str(validate=validate.OneOf(DAY_PARTS))
    arrives_at = Str(allow_none=True)
    leaves_at = Str(allow_none=True)
    cell = One(Cell)


class DayAnswer(Schema):
    """The activities of one day for one child."""

    day = Day()
    activities = each(DayActivity)


@blueprint.operation(
    "GET",
    "/calendar",
    policy="family",
    query=CalendarQuerySchema,
    returns=Calendar,
    refuses=("not_found",),
)
def get_calendar(query: CalendarQuery) -> booking.Calendar:
    """Show the planning of some children."""
    return clients.current().booking.get_calendar(
        session.context(),
        child_ids=query.child,
        from_on=query.first,
        to_on=query.last,
        activity_id=query.activity,
        centre_id=query.centre,
    )


@blueprint.operation("GET", "/days/<day:day>", policy="family", query=DayQuerySchema, returns=DayAnswer)
def get_day(query: DayQuery, day: str) -> booking.DayList:
    """List the activities of one day for one child, each with its state."""
    if not is_day(day):
        raise Refused("not_found")
    return clients.current().booking.get_day(session.context(), query.child, day, query.centre)
