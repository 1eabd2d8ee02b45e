"""How a confirmation lies in MongoDB with its money, both ways."""

from typing import Any

from booking.basket.store.lines import line_of, line_row, office_row
from booking.confirmations.model import Confirmation, ConfirmationState, NumberedRequest
from booking.vocabulary import Office, Payment, PaymentState

_SAME = (
    "organisation_id",
    "account_id",
    "family_id",
    "body_sha256",
    "draft_id",
    "quote_id",
    "request_id",
    "asked_at",
    "lease_until",
    "answered_at",
)


def confirmation_row(confirmation: Confirmation) -> dict[str, Any]:
    """Give the document of a confirmation; `children` is there for the index alone."""
    row: dict[str, Any] = {name: getattr(confirmation, name) for name in _SAME}
    row["_id"] = confirmation.id
    row["state"] = confirmation.state.value
    row["children"] = sorted({line.child_id for line in confirmation.lines})
    row["lines"] = [line_row(line) for line in confirmation.lines]
    row["requests"] = [
        {
            "id": request.id,
            "number": request.number,
            "child_id": request.child_id,
            "centre_id": request.centre_id,
            "period_id": request.period_id,
        }
        for request in confirmation.requests
    ]
    row["payment"] = payment_row(confirmation.payment)
    row["money"] = payment_row(confirmation.money)
    row["events"] = []
    return row


def confirmation_of(row: dict[str, Any]) -> Confirmation:
    """Read a confirmation's document."""
    return Confirmation(
        **{name: row[name] for name in _SAME},
        id=row["_id"],
        state=ConfirmationState(row["state"]),
        lines=tuple(line_of(line) for line in row["lines"]),
        requests=tuple(NumberedRequest(**request) for request in row["requests"]),
        payment=payment_of(row["payment"]),
        money=payment_of(row["money"]),
    )


def payment_row(payment: Payment) -> dict[str, Any]:
    """Give the sub-document of a payment."""
    return {
        "state": payment.state.value,
        "held_until": payment.held_until,
        "amount_due_cents": payment.amount_due_cents,
        "offices": [office_row(office) for office in payment.offices],
    }


def payment_of(row: dict[str, Any]) -> Payment:
    """Read a payment's sub-document."""
    return Payment(
        state=PaymentState(row["state"]),
        held_until=row["held_until"],
        amount_due_cents=row["amount_due_cents"],
        offices=tuple(Office(**office) for office in row["offices"]),
    )
