"""The columns of the files that booking imports; what the cells mean is told in the service's README."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from booking.fields import CHARGING_MODES, DAY_PARTS, DECISION_MODES
from chassis.values.tables import Parts
from chassis.values.text import Text


def _reference() -> Text:
    return Text(max_length=100, required=True)


def _whole(most: int) -> fields.Integer:
    return fields.Integer(load_default=None, validate=validate.Range(min=0, max=most))


def _hour() -> fields.Time:
    return fields.Time(required=True, format="%H:%M")


class CentreRow(Schema):
    """One line of centres.csv."""

    reference = _reference()
    name = Text(max_length=200, required=True)


class ActivityRow(Schema):
    """One line of activities.csv; an empty capacity is unlimited, an empty waiting_max is no waiting list."""

    reference = _reference()
    name = Text(max_length=200, required=True)
    group = Text(max_length=200, required=True)
    centre_references = Parts(max_length=100, required=True)
    day_part = fields.String(required=True, validate=validate.OneOf(DAY_PARTS))
    arrives_at = _hour()
    leaves_at = _hour()
    capacity = _whole(100_000)
    waiting_max = fields.Integer(load_default=0, validate=validate.Range(min=0, max=100_000))
    decision_mode = fields.String(load_default="instant", validate=validate.OneOf(DECISION_MODES))
    charging_mode = fields.String(required=True, validate=validate.OneOf(CHARGING_MODES))
    needs_enrolment = fields.Boolean(load_default=False)
    age_min = _whole(120)
    age_max = _whole(120)
    weekdays = Parts(max_length=1, required=True, validate=validate.Length(min=1, max=7))
    on = fields.String(required=True, validate=validate.OneOf(("school_days", "holidays", "all")))
    booking_deadline = Text(max_length=200, required=True)
    cancelling_deadline = Text(max_length=200, required=True)

    @validates_schema
    def _in_order(self, data: dict[str, object], **_: object) -> None:
        if data["arrives_at"] >= data["leaves_at"]:  # type: ignore[operator]
            raise ValidationError("Leaves before it arrives.", "leaves_at")
        if not set(data["weekdays"]) <= set("1234567"):  # type: ignore[call-overload]
            raise ValidationError("Weekdays are 1 (Monday) to 7 (Sunday).", "weekdays")


class PeriodRow(Schema):
    """One line of periods.csv; booking opens at the start of opens_on and ends with closes_on."""

    reference = _reference()
    name = Text(max_length=200, required=True)
    centre_references = Parts(max_length=100, required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    opens_on = fields.Date(load_default=None)
    closes_on = fields.Date(load_default=None)

    @validates_schema
    def _in_order(self, data: dict[str, object], **_: object) -> None:
        if data["starts_on"] > data["ends_on"]:  # type: ignore[operator]
            raise ValidationError("Ends before it starts.", "ends_on")


class HolidayRow(Schema):
    """One line of holidays.csv."""

    day = fields.Date(required=True)
    name = Text(max_length=200, required=True)


class ClosureRow(Schema):
    """One line of closures.csv; without a centre it counts for all of them."""

    centre_reference = Text(max_length=100, load_default=None)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    name = Text(max_length=200, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(("closure", "school_holiday")))

    @validates_schema
    def _in_order(self, data: dict[str, object], **_: object) -> None:
        if data["starts_on"] > data["ends_on"]:  # type: ignore[operator]
            raise ValidationError("Ends before it starts.", "ends_on")


class BookingRow(Schema):
    """One line of bookings.csv: a booking that was made elsewhere, in the order in which people came."""

    child_reference = _reference()
    family_reference = _reference()
    activity_reference = _reference()
    centre_reference = _reference()
    day = fields.Date(required=True)
    day_part = fields.String(required=True, validate=validate.OneOf(DAY_PARTS))
    state = fields.String(required=True, validate=validate.OneOf(("accepted", "waitlisted")))
