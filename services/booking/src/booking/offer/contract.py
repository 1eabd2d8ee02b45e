"""What families may choose from: the offer; and what is asked and told of an organisation's settings."""

from dataclasses import dataclass
from datetime import date

from marshmallow import Schema, ValidationError, fields, validate

from booking.offer.model import SCHOOL_YEAR_STARTS_ON, BookingSettings
from booking.vocabulary import ChargingMode, DayPart, DecisionMode
from chassis.storage.outbox import EventType
from chassis.values.fields import count, day, identifier, instant, local_time, name_of, text
from chassis.values.requests import RequestSchema

Reply = dict[str, object]

ROLES = {"admin": {"settings.read", "settings.write"}, "manager": {"settings.read"}}
"""What the roles may do in booking."""
HOLD_S = validate.Range(20 * 60, 24 * 3_600)
"""A payment page is open for a quarter of an hour, and nobody opens it at once: a hold outlives it."""
PROMOTED_HOLD_S = validate.Range(3_600, 14 * 24 * 3_600)


def a_day_of_the_year(text: str) -> None:
    """Refuse what is no month and day, such as "09-01"; a 29 February is none of every year."""
    try:
        known = date.fromisoformat(f"2027-{text}")
    except ValueError:
        known = None
    if known is None or text != known.strftime("%m-%d"):
        raise ValidationError("A month and a day are written like 09-01.")


@dataclass(frozen=True, slots=True)
class GetSettings:
    """Ask for the settings of the organisation of the context."""


class GetSettingsRequest(RequestSchema):
    """`get_settings`: says nothing; the organisation is that of the context."""

    into = GetSettings


class BookingSettingsFields(Schema):
    """The settings of an organisation, all of them."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    hold_s = fields.Integer(required=True, strict=True, validate=HOLD_S)
    promoted_hold_s = fields.Integer(required=True, strict=True, validate=PROMOTED_HOLD_S)
    school_year_starts_on = fields.String(load_default=SCHOOL_YEAR_STARTS_ON, validate=a_day_of_the_year)


class PutSettingsRequest(BookingSettingsFields, RequestSchema):
    """`put_settings`: all settings, with the version that was seen."""

    into = BookingSettings


class SettingsReply(Schema):
    """The answer to get_settings and put_settings."""

    settings = fields.Nested(BookingSettingsFields, required=True)


class BookingSettingsChanged(BookingSettingsFields):
    """An organisation decided otherwise: all its settings; the sequence of the event is their version."""

    organisation_id = fields.String(required=True)


EVENTS = {"booking_settings_changed": EventType(schema=BookingSettingsChanged, version=1)}


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
