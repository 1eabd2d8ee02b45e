"""Prices as families see them before they choose."""

from marshmallow import Schema, fields

from chassis.values.fields import cents, day, identifier


class ActivityPrice(Schema):
    """What a day of an activity costs from one day to another, both included; without an end until told."""

    activity_id = identifier()
    price_cents = cents()
    valid_from = day()
    valid_to = day(allow_none=True)


class PriceList(Schema):
    """The prices of all activities, by activity and first day."""

    data = fields.List(fields.Nested(ActivityPrice), required=True)
