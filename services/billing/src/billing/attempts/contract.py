"""Paying online: starting it, hearing of its end, looking at it; a family calls an attempt a payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from billing.attempts.model import AttemptState, Checked
from chassis.storage.outbox import EventType
from chassis.values.fields import address, cents, idempotency_key, identifier, instant, name_of, sha256, text
from chassis.values.requests import RequestSchema

AMOUNT_MAX_CENTS = 10_000_000
ORDERS_MAX = 100  # in one payment; a family that owes more pays twice
EMAIL_MAX = 80  # what payment providers take; the shortest that they take is the shortest there is


@dataclass(frozen=True, slots=True)
class StartPayment:
    """Pay what one cash office asks for some settlements; see `StartPaymentRequest`."""

    return_url: str
    key: str
    body_sha256: str
    settlement_id: str | None = None
    settlement_ids: Sequence[str] = ()
    cash_office_id: str | None = None
    email: str | None = None

    @property
    def orders(self) -> tuple[str, ...]:
        """All settlements that are named, each once; none where all that is due is to be paid."""
        first = (self.settlement_id,) if self.settlement_id else ()
        return tuple(dict.fromkeys((*first, *self.settlement_ids)))


@dataclass(frozen=True, slots=True)
class RecordPayment:
    """A provider's hint, by its own name for the payment."""

    provider_reference: str


@dataclass(frozen=True, slots=True)
class GetPayment:
    """Which payment to look at."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class ResolveQuarantine:
    """What a cashier found out about a payment; see `ResolveQuarantineRequest`."""

    payment_id: str
    outcome: Checked
    amount_cents: int


def _page_address() -> fields.String:
    """Return the field of an address on the web."""
    return fields.String(
        required=True, validate=[validate.Length(max=500), validate.Regexp(r"\Ahttps?://[\x21-\x7e]+\Z")]
    )


class StartPaymentRequest(RequestSchema):
    """Pay one cash office what it asks for some settlements; where none is named, all that can be paid there.

    `settlement_id` is one, `settlement_ids` are more. No cash office: the first at which the first is due.
    `{payment_id}` in `return_url` is replaced by the payment's id. `email` overrides the family's own.
    """

    into = StartPayment

    settlement_id = identifier(required=False, allow_none=True)
    settlement_ids = fields.List(identifier(), required=False, validate=validate.Length(1, ORDERS_MAX))
    cash_office_id = identifier(required=False, allow_none=True)
    return_url = _page_address()
    key = idempotency_key()
    body_sha256 = sha256()
    email = address(required=False, allow_none=True, longest=EMAIL_MAX)

    @validates_schema
    def says_what_to_pay(self, given: dict[str, Any], **_: object) -> None:
        """Take orders, or the cash office at which all that is due is to be paid."""
        if not any(given.get(name) for name in ("settlement_id", "settlement_ids", "cash_office_id")):
            raise ValidationError(
                "Name orders, or a cash office to pay all that is due there.", "settlement_id"
            )


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


class ResolutionFields(Schema):
    """What a cashier found out about a quarantined payment; `amount_cents` is what came."""

    outcome = name_of(Checked)
    amount_cents = cents()
    resolved_at = instant()


class PaidOrder(Schema):
    """An order that a payment is for, and what of it; `settled` tells whether it has its money by it."""

    settlement_id = identifier()
    amount_cents = cents()
    settled = fields.Boolean(required=True)


class Payment(Schema):
    """A payment as its family sees it; `resolution` is how the check of a quarantined one ended.

    `settlement_id` is the first of its `orders`; `credited_cents` of what came are an avoir.
    Until `page_open_until` it may still be paid at its page, also when it was abandoned there.
    """

    id = identifier()
    settlement_id = identifier()
    cash_office_id = identifier()
    amount_cents = cents()
    orders = fields.List(fields.Nested(PaidOrder), required=True)
    credited_cents = cents()
    state = name_of(AttemptState)
    receipt_number = text(allow_none=True, longest=60)
    authorisation = text(allow_none=True, longest=60)
    paid_at = instant(allow_none=True)
    page_open_until = instant(allow_none=True)
    resolution = fields.Nested(ResolutionFields, required=True, allow_none=True)


class PaymentReply(Schema):
    """The payment."""

    payment = fields.Nested(Payment, required=True)


class ResolveQuarantineRequest(RequestSchema):
    """What a cashier found out at the provider or the bank: the amount that came, or that nothing did (0)."""

    into = ResolveQuarantine

    payment_id = identifier()
    outcome = fields.Enum(Checked, by_value=True, required=True)
    amount_cents = fields.Integer(required=True, strict=True, validate=validate.Range(0, AMOUNT_MAX_CENTS))

    @validates_schema
    def money_came_or_none_did(self, given: dict[str, Any], **_: object) -> None:
        """Take an amount where money came, and none where none did."""
        if (given["outcome"] is Checked.CREDITED) != (given["amount_cents"] > 0):
            raise ValidationError("Say what came, or that nothing did.", "amount_cents")


class QuarantinedPayment(Schema):
    """A payment in quarantine, as a cashier sees it; a release kept nothing of what the provider said."""

    id = identifier()
    family_id = identifier()
    payer = text()
    settlement_id = identifier()
    cash_office_id = identifier()
    cash_office_name = text()
    started_at = instant()
    amount_cents = cents()
    quarantined_at = instant(allow_none=True)
    reported_cents = cents(allow_none=True)
    reported_reference = text(allow_none=True)
    is_test = fields.Boolean(required=True)
    authorisation = text(allow_none=True, longest=60)
    provider_reference = text(allow_none=True)
    resolution = fields.Nested(ResolutionFields, required=True, allow_none=True)


class QuarantinedReply(Schema):
    """The payment, checked."""

    payment = fields.Nested(QuarantinedPayment, required=True)


class QuarantinedList(Schema):
    """Payments that wait for a cashier, the oldest first."""

    data = fields.List(fields.Nested(QuarantinedPayment), required=True)


class PaymentNotReceived(Schema):
    """A cashier found that nothing came of a payment that was being checked. Aggregate: the payment."""

    payment_id = identifier()
    settlement_id = identifier()
    family_id = identifier()
    amount_cents = cents()
    started_at = instant()
    cash_office_name = text()


EVENTS = {"payment_not_received": EventType(schema=PaymentNotReceived(), subscribers=("notify",))}
