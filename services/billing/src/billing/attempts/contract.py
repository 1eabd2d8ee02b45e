"""Paying online: starting it, hearing of its end, looking at it; a family calls an attempt a payment."""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from billing.attempts.model import AttemptState
from chassis.values.fields import address, cents, idempotency_key, identifier, instant, name_of, sha256, text
from chassis.values.requests import RequestSchema

EMAIL_MAX = 80  # what payment providers take; the shortest that they take is the shortest there is


@dataclass(frozen=True, slots=True)
class StartPayment:
    """Pay a settlement, or one cash office's part of it; see `StartPaymentRequest`."""

    settlement_id: str
    return_url: str
    key: str
    body_sha256: str
    cash_office_id: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class RecordPayment:
    """A provider's hint, by its own name for the payment."""

    provider_reference: str


@dataclass(frozen=True, slots=True)
class GetPayment:
    """Which payment to look at."""

    payment_id: str


def _page_address() -> fields.String:
    """Return the field of an address on the web."""
    return fields.String(
        required=True, validate=[validate.Length(max=500), validate.Regexp(r"\Ahttps?://[\x21-\x7e]+\Z")]
    )


class StartPaymentRequest(RequestSchema):
    """Pay a settlement, or one cash office's part of it.

    `{payment_id}` in `return_url` is replaced by the payment's id. `email` overrides the family's own.
    """

    into = StartPayment

    settlement_id = identifier()
    cash_office_id = identifier(required=False, allow_none=True)
    return_url = _page_address()
    key = idempotency_key()
    body_sha256 = sha256()
    email = address(required=False, allow_none=True, longest=EMAIL_MAX)


class StartedPayment(Schema):
    """The page to send the person to; null once the payment has ended."""

    id = identifier()
    state = name_of(AttemptState)
    page_url = fields.String(required=True, allow_none=True)
    amount_cents = cents()
    expires_at = instant()


class StartPaymentReply(Schema):
    """The payment."""

    payment = fields.Nested(StartedPayment, required=True)


class RecordPaymentRequest(RequestSchema):
    """A hint that something happened to a payment, by the provider's name for it; believed only as a hint."""

    into = RecordPayment

    provider_reference = identifier()


class RecordedPayment(Schema):
    """Where the payment stands, about which the provider will be asked; null when none is called so."""

    payment_id = identifier(allow_none=True)
    state = name_of(AttemptState, allow_none=True)


class GetPaymentRequest(RequestSchema):
    """Which payment."""

    into = GetPayment

    payment_id = identifier()


class Payment(Schema):
    """A payment as its family sees it."""

    id = identifier()
    settlement_id = identifier()
    cash_office_id = identifier()
    amount_cents = cents()
    state = name_of(AttemptState)
    receipt_number = text(allow_none=True, longest=60)
    authorisation = text(allow_none=True, longest=60)
    paid_at = instant(allow_none=True)


class PaymentReply(Schema):
    """The payment."""

    payment = fields.Nested(Payment, required=True)
