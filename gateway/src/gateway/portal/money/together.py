"""Paying all that is due at a cash office at once: what it is for, and the way to the provider's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from gateway import clients, idempotency, policy, session
from gateway.clients.billing import SettlementDue
from gateway.errors import Refused, sentence, status_of
from gateway.pages import frame
from gateway.portal import days
from gateway.portal.days import Stay
from gateway.portal.money import payment
from gateway.portal.money.tills import tills

blueprint = Blueprint("together", __name__, template_folder="templates")

ROWS = 100


@dataclass(frozen=True, slots=True)
class Owed:
    """An order that waits for its money: what it owes here, its days, and whether it is being checked."""

    order: SettlementDue
    amount_due_cents: int
    days: dict[str, list[Stay]]
    being_checked: bool


@blueprint.get("/pay/office/<cash_office_id>")
@policy.family
def show(cash_office_id: str) -> Response:
    """Show all that is due at a cash office, with one button."""
    return _page(cash_office_id)


@blueprint.post("/pay/office/<cash_office_id>")
@policy.family
def pay(cash_office_id: str) -> Response:
    """Start one payment for all that is due there and lead to its page; pressed twice, it starts once."""
    email = request.form.get("email", "").strip()
    if email and not payment.can_be_sent(email):
        return _page(cash_office_id, Refused("email_missing"), email)
    asked = {"cash_office_id": cash_office_id, "email": email}
    try:
        return payment.started(
            key=request.form.get("key", ""),
            body_sha256=idempotency.sha256_of("/payments", asked),
            cash_office_id=cash_office_id,
            email=email or None,
        )
    except Refused as refusal:
        if refusal.code not in payment.SHOWN_ON_PAGE:
            raise
        return _page(cash_office_id, refusal, email)


def _page(cash_office_id: str, refusal: Refused | None = None, email: str = "") -> Response:
    """Return the page of a cash office, which may say why paying did not start, and when it may."""
    due = clients.current().billing.list_settlements_due(session.context())
    till = next((each for each in tills(due) if each.cash_office_id == cash_office_id), None)
    error = payment.told(refusal) if refusal else ""
    shown = render_template(
        "money/pay_all.html",
        till=till,
        owed=_owed(due, cash_office_id),
        error=error,
        email=email,
        message=sentence(error, frame.language()) if error else "",
        retry_at=payment.retry_at(refusal) if refusal else None,
    )
    return make_response(shown, status_of(error or "not_found") if error or not till else HTTPStatus.OK)


def _owed(due: Sequence[SettlementDue], cash_office_id: str) -> list[Owed]:
    """Return the orders that owe something there, each with the days whose seats wait for it."""
    held = days.held() if len(due) else {}
    return [
        Owed(
            order,
            office.amount_due_cents,
            held.get(order.settlement_id, {}),
            office.cash_office_id in order.being_checked,
        )
        for order in due
        for office in order.offices
        if office.cash_office_id == cash_office_id and office.amount_due_cents
    ]
