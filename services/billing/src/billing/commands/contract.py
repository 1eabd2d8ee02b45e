"""The files that an operator imports: one schema per kind of row."""

from marshmallow import Schema, fields, validate

from billing.vocabulary import DayPart
from billing.wallets.model import Mode
from chassis.values.text import Text

_PRICE = validate.Range(min=0, max=1_000_000)


class OfficeRow(Schema):
    """A line of cash_offices.csv."""

    reference = Text(max_length=20, required=True, validate=validate.Regexp(r"\A[A-Za-z0-9_]+\Z"))
    name = Text(max_length=120, required=True)


class WalletRow(Schema):
    """A line of wallets.csv."""

    reference = Text(max_length=60, required=True)
    name = Text(max_length=120, required=True)
    activity_group = Text(max_length=120, required=True)
    cash_office_reference = Text(max_length=20, required=True)
    mode = fields.String(required=True, validate=validate.OneOf([each.value for each in Mode]))


class TariffRow(Schema):
    """A line of tariffs.csv; without `valid_to` the price has no end."""

    activity_reference = Text(max_length=60, required=True)
    price_cents = fields.Integer(required=True, validate=_PRICE)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(load_default=None)


class PaidBookingRow(Schema):
    """A line of paid_bookings.csv: a prepaid booking that was paid before this program kept the books."""

    child_reference = Text(max_length=60, required=True)
    family_reference = Text(max_length=60, required=True)
    activity_reference = Text(max_length=60, required=True)
    activity_group = Text(max_length=120, load_default=None)
    centre_reference = Text(max_length=60, required=True)
    day = fields.Date(required=True)
    day_part = fields.String(required=True, validate=validate.OneOf([each.value for each in DayPart]))
    price_cents = fields.Integer(required=True, validate=_PRICE)
