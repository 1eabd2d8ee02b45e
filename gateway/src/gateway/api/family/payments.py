"""Pay online, and what was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import current_app
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from chassis.values.fields import Address
from gateway import clients, errors, session
from gateway.api.fields import Amount, Asked, Bool, Id, Instant, One, Str, each
from gateway.api.names import CHECKED, PAYMENT_STATES
from gateway.api.operation import Headers, Resource
from gateway.clients import billing
from gateway.clients.asking import Printed
from gateway.idempotency import Key

blueprint = Resource("payments", __name__, description="Pay online")

ORDERS_MAX: Final = 100  # what billing takes
PATH_MAX: Final = 200
PATH_PATTERN: Final = r"^/([A-Za-z0-9_{}-][A-Za-z0-9/_{}-]*)?$"
EMAIL_MIN: Final = 6
EMAIL_MAX: Final = 80  # what payment providers accept
RETURN_PATH: Final = "/"


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What is to be paid, and the path of this site to come back to."""

    settlement_id: str | None = None
    settlement_ids: Sequence[str] = ()
    cash_office_id: str | None = None
    email: str | None = None
    return_path: str = RETURN_PATH


class PaymentOrderSchema(Asked):
    """What to pay: one order, several, or none named: all that can be paid at the cash office.

    One payment serves one cash office; amounts are what is due when it begins.
    """

    into = PaymentOrder

    settlement_id = Id(required=False)
    settlement_ids = fields.List(
        Id(),
        validate=validate.Length(1, ORDERS_MAX),
        metadata={"description": "orders that one payment is to pay, all due at the same cash office"},
    )
    cash_office_id = Id(
        required=False,
        metadata={
            **Id().metadata,
            "description": "the first at which the first order is due, unless it is named",
        },
    )
    email = Address(
        longest=EMAIL_MAX,
        metadata={"format": "email", "minLength": EMAIL_MIN, "maxLength": EMAIL_MAX},  # no address is shorter
    )
    # A path and not an address: the provider's redirect must not lead to another site.
    return_path = fields.String(
        validate=[validate.Length(max=PATH_MAX), validate.Regexp(PATH_PATTERN)],
        metadata={
            "description": "the page of this site to come back to; {payment_id} stands for the payment's id"
        },
    )

    @validates_schema
    def says_what_to_pay(self, data: dict[str, Any], **_: object) -> None:
        """Take orders, or the cash office at which all is to be paid."""
        if not any(data.get(name) for name in ("settlement_id", "settlement_ids", "cash_office_id")):
            raise ValidationError("Name orders or a cash office.", "settlement_id")


class Started(Schema):
    """A payment that was opened at the provider, and the page where the person pays."""

    id = Id()
    state = Str(validate=validate.OneOf(PAYMENT_STATES))
    page_url = Str(allow_none=True, metadata={"format": "uri"})
    amount = Amount()
    expires_at = Instant(allow_none=True)


class StartedAnswer(Schema):
    """One new payment."""

    payment = One(Started)


class Resolution(Schema):
    """How the check of a quarantined payment by a cashier ended, and the amount that had come."""

    outcome = Str(validate=validate.OneOf(CHECKED))
    amount = Amount()
    resolved_at = Instant()


class PaidOrder(Schema):
    """An order that a payment is for; `settled`: it has its money by this payment."""

    settlement_id = Id()
    amount = Amount()
    settled = Bool()


class Payment(Schema):
    """One online payment and where it stands."""

    id = Id()
    settlement_id = Id(metadata={**Id().metadata, "description": "the first of the orders"})
    orders = each(PaidOrder)
    credited = Amount(
        metadata={"description": "what of the payment is a credit note, since no order needs it"}
    )
    cash_office_id = Id()
    amount = Amount()
    state = Str(validate=validate.OneOf(PAYMENT_STATES))
    receipt_number = Str(allow_none=True)
    authorisation = Str(allow_none=True)
    paid_at = Instant(allow_none=True)
    page_open_until = Instant(
        allow_none=True,
        metadata={"description": "until then it may still be paid at its page, also when it was abandoned"},
    )
    resolution = One(Resolution, allow_none=True)


class PaymentAnswer(Schema):
    """One payment."""

    payment = One(Payment)


class PaymentMade(Schema):
    """A payment in the history."""

    id = Id()
    paid_at = Instant()
    method = Str()
    reference = Str(allow_none=True)
    payer = Str(allow_none=True)
    amount = Amount()
    receipt_number = Str(allow_none=True)
    cash_office_name = Str()


class PaymentsMade(Schema):
    """The history of payments, newest first."""

    data = each(PaymentMade)


@blueprint.operation(
    "POST",
    "/payments",
    policy="family",
    body=PaymentOrderSchema,
    returns=StartedAnswer,
    status=201,
    refuses=(
        "not_found",
        "nothing_due",
        "payment_being_checked",
        "payment_page_open",
        "hold_expired",
        "email_missing",
        "provider_unavailable",
    ),
    key=True,
    headers=("Location",),
)
def start_payment(body: PaymentOrder, key: Key) -> tuple[dict[str, billing.StartedPayment], Headers]:
    """Open one payment page for what is due: for an order, for several, or for all at a cash office."""
    started = clients.current().billing.start_payment(
        session.context(),
        settlement_id=body.settlement_id,
        settlement_ids=body.settlement_ids,
        return_url=current_app.extensions["settings"].public_url + body.return_path,
        key=key.key,
        body_sha256=key.body_sha256,
        cash_office_id=body.cash_office_id,
        email=body.email,
    )
    return {"payment": started}, {"Location": f"/api/v1/payments/{started.id}"}


@blueprint.operation("GET", "/payments", policy="family", returns=PaymentsMade)
def list_payments() -> dict[str, tuple[billing.PaymentMade, ...]]:
    """List the payments that were made."""
    return {"data": clients.current().billing.list_payments(session.context())}


@blueprint.operation("GET", "/payments/<id:payment_id>/receipt.pdf", policy="family", prints=True)
def print_receipt(payment_id: str) -> Printed:
    """Return the receipt of a payment as PDF, in the language that the caller accepts."""
    return clients.current().billing.print_receipt(session.context(), payment_id, errors.language())


@blueprint.operation("GET", "/payments/<id:payment_id>", policy="family", returns=PaymentAnswer)
def get_payment(payment_id: str) -> dict[str, billing.Payment]:
    """Show where an online payment stands."""
    return {"payment": clients.current().billing.get_payment(session.context(), payment_id)}
