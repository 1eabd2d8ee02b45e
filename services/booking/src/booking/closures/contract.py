"""Closing and opening days, as agents ask for it and as families are told."""

from dataclasses import dataclass
from datetime import date

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from booking.closures.model import ClosingState
from booking.fields import optional_id
from booking.vocabulary import BookingState
from chassis.storage.outbox import EventType
from chassis.values.fields import count, day, identifier, name_of, text
from chassis.values.requests import RequestSchema

DAYS_MAX = 366


def _reason() -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1, max=500))


@dataclass(frozen=True, slots=True)
class CloseDays:
    """The days to close, at one centre or at all; `version` is 0 unless they were closed before."""

    centre_id: str | None
    starts_on: date
    ends_on: date
    name: str
    reason: str
    version: int


class CloseDaysRequest(RequestSchema):
    """`close_days`: which days, what families read, and why for the organisation's own eyes."""

    into = CloseDays

    centre_id = optional_id()
    starts_on = day()
    ends_on = day()
    name = text(longest=200)
    reason = _reason()
    version = count()

    @validates_schema
    def _span(self, data: dict[str, date], **_: object) -> None:
        if not 0 <= (data["ends_on"] - data["starts_on"]).days < DAYS_MAX:
            raise ValidationError(f"The span holds 1 to {DAYS_MAX} days.", "ends_on")


@dataclass(frozen=True, slots=True)
class OpenDays:
    """The closing that ends, as it was seen, and why."""

    closing_id: str
    version: int
    reason: str


class OpenDaysRequest(RequestSchema):
    """`open_days`: which closing ends, in the version that was seen, and why."""

    into = OpenDays

    closing_id = identifier()
    version = count()
    reason = _reason()


class Closing(Schema):
    """Days that were closed, and whether they are open again."""

    id = identifier()
    centre_id = identifier(allow_none=True)
    starts_on = day()
    ends_on = day()
    name = text()
    state = name_of(ClosingState)
    version = count()


class ClosingReply(Schema):
    """The answer to close_days and open_days."""

    closing = fields.Nested(Closing, required=True)


@dataclass(frozen=True, slots=True)
class ListClosings:
    """Ask for the closings of the organisation of the context."""


class ListClosingsRequest(RequestSchema):
    """`list_closings`: says nothing."""

    into = ListClosings


class ClosingList(Schema):
    """The closings of an organisation, the first day first."""

    data = fields.List(fields.Nested(Closing), required=True)


class LeftBooking(Schema):
    """A booking that left with its day; `was` is its state before."""

    booking_id = identifier()
    child_name = text()
    activity_name = text()
    day = day()
    was = name_of(BookingState)


class DaysClosed(Schema):
    """Days were closed, and these bookings of one family left. Aggregate: the closing and the family."""

    closing_id = identifier()
    telling_id = identifier()
    family_id = identifier()
    name = text()
    lines = fields.List(fields.Nested(LeftBooking), required=True, validate=validate.Length(min=1))


class DaysOpened(DaysClosed):
    """Days are open again on which these bookings of one family had left; nobody is booked again."""


EVENTS = {
    "days_closed": EventType(schema=DaysClosed(), subscribers=("notify",)),
    "days_opened": EventType(schema=DaysOpened(), subscribers=("notify",)),
}
ROLES: dict[str, set[str]] = {
    "admin": {"closures.read", "closures.write"},
    "manager": {"closures.read", "closures.write"},
}
"""What the roles may do about closures."""
