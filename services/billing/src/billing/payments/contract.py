"""The history of payments."""

from marshmallow import Schema, fields

from chassis.values.fields import cents, identifier, instant, text


class ListedPayment(Schema):
    """A line of the history of payments."""

    id = identifier()
    paid_at = instant()
    method = text(longest=20)
    reference = text(allow_none=True, longest=60)
    payer = text()
    amount_cents = cents()
    receipt_number = text(longest=60)
    cash_office_name = text()


class PaymentList(Schema):
    """Payments that came in, the latest first."""

    data = fields.List(fields.Nested(ListedPayment), required=True)
