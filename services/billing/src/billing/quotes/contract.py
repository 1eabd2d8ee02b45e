"""Quotes: what booking asks, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from billing.offices.contract import OfficeDue
from billing.quotes.model import AskedCancellation, AskedLine
from billing.vocabulary import ChargingMode, DayPart
from chassis.values.fields import cents, count, identifier, instant, name_of, text
from chassis.values.requests import RequestSchema

LINES_MAX = 500


@dataclass(frozen=True, slots=True)
class MakeQuote:
    """A basket to be priced for a family, by default that of the context."""

    quote_id: str
    family_id: str | None = None
    bookings: Sequence[AskedLine] = ()
    cancellations: Sequence[AskedCancellation] = ()


class QuoteBooking(RequestSchema):
    """A new booking to be priced; `charged` is false when it is expected on a waiting list."""

    into = AskedLine

    line = count()
    booking_id = identifier()
    child_id = identifier()
    activity_id = identifier()
    activity_group = text()
    day = fields.Date(required=True)
    day_part = name_of(DayPart)
    charging_mode = fields.Enum(ChargingMode, by_value=True, required=True)
    charged = fields.Boolean()


class QuoteCancellation(RequestSchema):
    """A booking to be given back."""

    into = AskedCancellation

    line = count()
    booking_id = identifier()
    charging_mode = fields.Enum(ChargingMode, by_value=True, required=True)


class QuoteRequest(RequestSchema):
    """A basket to be priced. The family is that of the context, unless `family_id` names it."""

    into = MakeQuote

    quote_id = identifier()
    family_id = identifier(required=False, allow_none=True)
    bookings = fields.List(fields.Nested(QuoteBooking), validate=validate.Length(max=LINES_MAX))
    cancellations = fields.List(fields.Nested(QuoteCancellation), validate=validate.Length(max=LINES_MAX))


class QuoteLine(Schema):
    """A price and the steps that led to it; no cash office and no wallet where it is free."""

    line = count()
    price_cents = cents()
    cash_office_id = identifier(allow_none=True)
    wallet_id = identifier(allow_none=True)
    trace = fields.List(fields.Dict(), required=True)


class QuoteCredit(Schema):
    """What a cancellation gives back."""

    line = count()
    booking_id = identifier()
    amount_cents = cents()


class QuoteOffice(OfficeDue):
    """The same before the second validation, with the credit notes that the basket itself makes."""

    cancellations_cents = cents()


class Quote(Schema):
    """Prices that stay until `expires_at`."""

    quote_id = identifier()
    expires_at = instant()
    lines = fields.List(fields.Nested(QuoteLine), required=True)
    credits = fields.List(fields.Nested(QuoteCredit), required=True)
    offices = fields.List(fields.Nested(QuoteOffice), required=True)
