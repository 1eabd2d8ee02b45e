"""Payments: starting one, hearing of its end, looking at it."""

from marshmallow import Schema, fields, validate

from billing.offices.contract import (
    PAYMENT_STATES,
    address,
    cents,
    idempotency_key,
    identifier,
    instant,
    name_of,
    sha256,
    text,
)


class StartPaymentRequest(Schema):
    """Pay a settlement, or one cash office's part of it.

    `{payment_id}` in `return_url` is replaced by the payment's id. `email` overrides the family's own.
    """

    settlement_id = identifier()
    cash_office_id = identifier(required=False, allow_none=True)
    return_url = address()
    key = idempotency_key()
    body_sha256 = sha256()
    email = fields.Email(required=False, allow_none=True, validate=validate.Length(min=6, max=80))


class StartedPayment(Schema):
    """The page to send the person to; null once the payment has ended."""

    id = identifier()
    state = name_of(PAYMENT_STATES)
    page_url = fields.String(required=True, allow_none=True)
    amount_cents = cents()
    expires_at = instant()


class StartPaymentReply(Schema):
    """The payment."""

    payment = fields.Nested(StartedPayment, required=True)


class RecordPaymentRequest(Schema):
    """A hint that something happened to a payment, by the provider's name for it; believed only as a hint."""

    provider_reference = identifier()


class RecordedPayment(Schema):
    """Where the payment stands after the provider was asked."""

    payment_id = identifier()
    state = name_of(PAYMENT_STATES)


class GetPaymentRequest(Schema):
    """Which payment."""

    payment_id = identifier()


class Payment(Schema):
    """A payment as its family sees it."""

    id = identifier()
    settlement_id = identifier()
    cash_office_id = identifier()
    amount_cents = cents()
    state = name_of(PAYMENT_STATES)
    receipt_number = text(allow_none=True, longest=60)
    authorisation = text(allow_none=True, longest=60)
    paid_at = instant(allow_none=True)


class PaymentReply(Schema):
    """The payment."""

    payment = fields.Nested(Payment, required=True)
