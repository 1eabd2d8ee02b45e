"""The planning as families look at it: the calendar, and one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from booking.fields import optional_id
from booking.planning.model import AggregateState, CellState, Mark
from booking.vocabulary import DayPart, Verdict
from chassis.values.fields import count, day, identifier, instant, local_time, name_of, text
from chassis.values.requests import RequestSchema

CHILDREN_MAX = 10
DAYS_MAX = 62
OUTLOOKS = (Verdict.ACCEPTED, Verdict.HELD, Verdict.REQUESTED, Verdict.SUBMITTED, Verdict.WAITLISTED)
"""What booking may be answered where a cell can be chosen."""


@dataclass(frozen=True, slots=True)
class GetCalendar:
    """Some children and a span of at most 62 days, both ends included; without an activity: all of them."""

    child_ids: Sequence[str]
    activity_id: str | None
    centre_id: str | None
    from_on: date
    to_on: date


class GetCalendarRequest(RequestSchema):
    """The children, the span, and what of it."""

    into = GetCalendar

    child_ids = fields.List(identifier(), required=True, validate=validate.Length(min=1, max=CHILDREN_MAX))
    activity_id = optional_id()
    centre_id = optional_id()
    from_on = day()
    to_on = day()

    @validates_schema
    def _span(self, data: dict[str, object], **_: object) -> None:
        first, last = data["from_on"], data["to_on"]
        length = (last - first).days + 1  # type: ignore[operator]
        if not 1 <= length <= DAYS_MAX:
            raise ValidationError(f"The span holds 1 to {DAYS_MAX} days.", "to_on")


class Cell(Schema):
    """One child's view of one slot."""

    day = day()
    state = name_of(CellState)
    mark = name_of(Mark, allow_none=True)
    would = name_of(OUTLOOKS, allow_none=True)
    free = count(allow_none=True)
    rank = count(allow_none=True, least=1)
    booking_id = identifier(allow_none=True)
    held_until = instant(allow_none=True)
    booking_closes_at = instant(allow_none=True)
    cancelling_closes_at = instant(allow_none=True)
    reason = text(allow_none=True, longest=40)


class CalendarDay(Schema):
    """What kind of day it is for everybody."""

    day = day()
    holiday = text(allow_none=True)
    closure = text(allow_none=True)
    school_holiday = text(allow_none=True)


class Series(Schema):
    """One child, one activity at one centre and part of day: a cell per day of the span."""

    child_id = identifier()
    activity_id = identifier()
    centre_id = identifier()
    day_part = name_of(DayPart)
    days = fields.List(fields.Nested(Cell), required=True)


class AggregateDay(Schema):
    """What all activities of one day come to."""

    day = day()
    state = name_of(AggregateState)


class Aggregate(Schema):
    """One child's days, all activities together."""

    child_id = identifier()
    days = fields.List(fields.Nested(AggregateDay), required=True)


class Calendar(Schema):
    """The grid of some children; `aggregates` is empty when one activity was asked for."""

    from_on = day()
    to_on = day()
    days = fields.List(fields.Nested(CalendarDay), required=True)
    series = fields.List(fields.Nested(Series), required=True)
    aggregates = fields.List(fields.Nested(Aggregate), required=True)


@dataclass(frozen=True, slots=True)
class GetDay:
    """One child and one day, at one centre or at all of them."""

    child_id: str
    day: date
    centre_id: str | None


class GetDayRequest(RequestSchema):
    """The child, the day, and where."""

    into = GetDay

    child_id = identifier()
    day = day()
    centre_id = optional_id()


class DayActivity(Schema):
    """One activity of the day with the child's cell."""

    activity_id = identifier()
    activity_name = text()
    centre_id = identifier()
    day_part = name_of(DayPart)
    arrives_at = local_time(allow_none=True)
    leaves_at = local_time(allow_none=True)
    cell = fields.Nested(Cell, required=True)


class Day(Schema):
    """The activities that a child may attend on one day."""

    day = day()
    activities = fields.List(fields.Nested(DayActivity), required=True)
