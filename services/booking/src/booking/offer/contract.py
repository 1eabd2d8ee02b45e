"""What families may choose from: the offer."""

from marshmallow import Schema, fields

from booking.vocabulary import ChargingMode, DayPart, DecisionMode
from chassis.values.fields import count, day, identifier, instant, local_time, name_of, text


class OfferedChild(Schema):
    """A child of the family and the activities that the child may be booked into today."""

    id = identifier()
    first_name = text()
    last_name = text()
    birth_on = day(allow_none=True)
    activity_ids = fields.List(identifier(), required=True)


class Centre(Schema):
    """A place that receives children."""

    id = identifier()
    name = text()


class OfferedDayPart(Schema):
    """A part of the day with its times of arrival and departure."""

    day_part = name_of(DayPart)
    arrives_at = local_time(allow_none=True)
    leaves_at = local_time(allow_none=True)


class OfferedActivity(Schema):
    """An activity as a family chooses it; `limited` says whether seats are counted."""

    id = identifier()
    name = text()
    group = text()
    centre_ids = fields.List(identifier(), required=True)
    day_parts = fields.List(fields.Nested(OfferedDayPart), required=True)
    charging_mode = name_of(ChargingMode)
    decision_mode = name_of(DecisionMode)
    needs_enrolment = fields.Boolean(required=True)
    age_min = count(allow_none=True)
    age_max = count(allow_none=True)
    limited = fields.Boolean(required=True)


class OfferedPeriod(Schema):
    """A span of days that can be booked from `opens_at` to `closes_at`."""

    id = identifier()
    name = text()
    centre_ids = fields.List(identifier(), required=True)
    starts_on = day()
    ends_on = day()
    opens_at = instant(allow_none=True)
    closes_at = instant(allow_none=True)
    open = fields.Boolean(required=True)


class Offer(Schema):
    """Everything that a family may choose from."""

    children = fields.List(fields.Nested(OfferedChild), required=True)
    centres = fields.List(fields.Nested(Centre), required=True)
    activities = fields.List(fields.Nested(OfferedActivity), required=True)
    periods = fields.List(fields.Nested(OfferedPeriod), required=True)
