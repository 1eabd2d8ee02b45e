"""The planning as families look at it: the calendar, and one day."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from booking.fields import (
    AGGREGATE_STATES,
    CALENDAR_CHILDREN_MAX,
    CALENDAR_DAYS_MAX,
    CELL_STATES,
    DAY_PARTS,
    MARKS,
    OUTLOOKS,
    count,
    day,
    identifier,
    instant,
    local_time,
    name_of,
    text,
)


class GetCalendarRequest(Schema):
    """Some children and a span of at most 62 days, both ends included; without an activity: all of them."""

    child_ids = fields.List(
        identifier(), required=True, validate=validate.Length(min=1, max=CALENDAR_CHILDREN_MAX)
    )
    activity_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=128))
    centre_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=128))
    from_on = day()
    to_on = day()

    @validates_schema
    def _span(self, data: dict[str, object], **_: object) -> None:
        first, last = data["from_on"], data["to_on"]
        length = (last - first).days + 1  # type: ignore[operator]
        if not 1 <= length <= CALENDAR_DAYS_MAX:
            raise ValidationError(f"The span holds 1 to {CALENDAR_DAYS_MAX} days.", "to_on")


class Cell(Schema):
    """One child's view of one slot."""

    day = day()
    state = name_of(CELL_STATES)
    mark = name_of(MARKS, allow_none=True)
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
    day_part = name_of(DAY_PARTS)
    days = fields.List(fields.Nested(Cell), required=True)


class AggregateDay(Schema):
    """All activities of one day in one word."""

    day = day()
    state = name_of(AGGREGATE_STATES)


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


class GetDayRequest(Schema):
    """One child and one day, at one centre or at all of them."""

    child_id = identifier()
    day = day()
    centre_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=128))


class DayActivity(Schema):
    """One activity of the day with the child's cell."""

    activity_id = identifier()
    activity_name = text()
    centre_id = identifier()
    day_part = name_of(DAY_PARTS)
    arrives_at = local_time(allow_none=True)
    leaves_at = local_time(allow_none=True)
    cell = fields.Nested(Cell, required=True)


class Day(Schema):
    """The activities that a child may attend on one day."""

    day = day()
    activities = fields.List(fields.Nested(DayActivity), required=True)
