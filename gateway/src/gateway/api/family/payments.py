"""Pay online, and what was paid."""

from typing import Any, Final

from flask import current_app
from marshmallow import Schema, fields, validate

from gateway import clients, session
from gateway.api.fields import Amount, Asked, Id, Instant, One, Str, each
from gateway.api.names import PAYMENT_STATES
from gateway.api.operation import Headers, Resource
from gateway.idempotency import required_key

blueprint = Resource("payments", __name__, description="Pay online")

PATH_MAX: Final = 200
PATH_PATTERN: Final = r"^/([A-Za-z0-9_{}-][A-Za-z0-9/_{}-]*)?$"
EMAIL_MIN: Final = 6  # what payment providers accept
EMAIL_MAX: Final = 80
RETURN_PATH: Final = "/"


class PaymentOrder(Asked):
    """What to pay; one payment serves one cash office."""

    settlement_id = Id()
    cash_office_id = Id(required=False)
    email = fields.Email(validate=validate.Length(EMAIL_MIN, EMAIL_MAX))
    # A path and not an address: the provider's redirect must not lead to another site.
    return_path = fields.String(
        validate=[validate.Length(max=PATH_MAX), validate.Regexp(PATH_PATTERN)],
        metadata={
            "description": "the page of this site to come back to; {payment_id} stands for the payment's id"
        },
    )


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


class Payment(Schema):
    """One online payment and where it stands."""

    id = Id()
    settlement_id = Id()
    cash_office_id = Id()
    amount = Amount()
    state = Str(validate=validate.OneOf(PAYMENT_STATES))
    receipt_number = Str(allow_none=True)
    authorisation = Str(allow_none=True)
    paid_at = Instant(allow_none=True)


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
    policy="authenticated",
    body=PaymentOrder,
    returns=StartedAnswer,
    status=201,
    refuses=("not_found", "nothing_due", "hold_expired", "email_missing", "provider_unavailable"),
    key=True,
    headers=("Location",),
)
def start_payment(body: dict[str, Any]) -> tuple[dict[str, Any], Headers]:
    """Open a payment page for what is due."""
    key = required_key(body)
    reply = clients.current().billing.start_payment(
        session.context(),
        settlement_id=body["settlement_id"],
        return_url=current_app.extensions["settings"].public_url + body.get("return_path", RETURN_PATH),
        key=key.key,
        body_sha256=key.body_sha256,
        cash_office_id=body.get("cash_office_id"),
        email=body.get("email"),
    )
    return reply, {"Location": f"/api/v1/payments/{reply['payment']['id']}"}


@blueprint.operation("GET", "/payments", policy="authenticated", returns=PaymentsMade)
def list_payments() -> dict[str, Any]:
    """List the payments that were made."""
    return clients.current().billing.list_payments(session.context())


@blueprint.operation("GET", "/payments/<id:payment_id>", policy="authenticated", returns=PaymentAnswer)
def get_payment(payment_id: str) -> dict[str, Any]:
    """Show where an online payment stands."""
    return clients.current().billing.get_payment(session.context(), payment_id)
