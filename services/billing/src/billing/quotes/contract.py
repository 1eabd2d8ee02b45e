"""Quotes: what booking asks, line by line."""

from marshmallow import Schema, fields, validate

from billing.offices.contract import (
    CHARGING_MODES,
    DAY_PARTS,
    LINES_MAX,
    OfficeDue,
    cents,
    count,
    identifier,
    instant,
    name_of,
    text,
)


class QuoteBooking(Schema):
    """A new booking to be priced; `charged` is false when it is expected on a waiting list."""

    line = count()
    booking_id = identifier()
    child_id = identifier()
    activity_id = identifier()
    activity_group = text()
    day = fields.Date(required=True)
    day_part = name_of(DAY_PARTS)
    charging_mode = name_of(CHARGING_MODES)
    charged = fields.Boolean(load_default=True)


class QuoteCancellation(Schema):
    """A booking to be given back."""

    line = count()
    booking_id = identifier()
    charging_mode = name_of(CHARGING_MODES)


class QuoteRequest(Schema):
    """A basket to be priced. The family is that of the context, unless `family_id` names it."""

    quote_id = identifier()
    family_id = identifier(required=False, allow_none=True)
    bookings = fields.List(
        fields.Nested(QuoteBooking), load_default=list, validate=validate.Length(max=LINES_MAX)
    )
    cancellations = fields.List(
        fields.Nested(QuoteCancellation), load_default=list, validate=validate.Length(max=LINES_MAX)
    )


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
    """The same before the second validation, with the avoirs that the basket itself makes."""

    cancellations_cents = cents()


class Quote(Schema):
    """Prices that stay until `expires_at`."""

    quote_id = identifier()
    expires_at = instant()
    lines = fields.List(fields.Nested(QuoteLine), required=True)
    credits = fields.List(fields.Nested(QuoteCredit), required=True)
    offices = fields.List(fields.Nested(QuoteOffice), required=True)
