"""Paying online: what is due, the way to the provider's page, and the truth on return."""

from datetime import timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from chassis.values.addresses import NotAnAddress, as_sent
from chassis.values.clock import Clock
from chassis.values.ids import new_id
from chassis.values.instants import to_text
from gateway import clients, idempotency, metrics, policy, session
from gateway.clients.billing import StartedPayment
from gateway.errors import Failed, Refused, sentence, status_of
from gateway.pages import frame
from gateway.pages.links import url_for
from gateway.portal.money.outcome import outcome_of

blueprint = Blueprint("payment", __name__, template_folder="templates")

OPEN: Final = {"created", "redirected", "checking"}
REFRESH_S: Final = 3  # by then billing may ask the provider again
EMAIL_MAX: Final = 80  # what payment providers accept
SHOWN_ON_PAGE: Final = {
    "nothing_due",
    "payment_being_checked",
    "payment_page_open",
    "hold_expired",
    "email_missing",
    "provider_unavailable",
}


@blueprint.get("/pay/<settlement_id>")
@policy.family
def show(settlement_id: str) -> Response:
    """Show what one settlement still asks for; mails lead here.

    A seat that was promoted from a waiting list has a settlement of its own, named like its booking: a list
    of bookings knows both names and gives the booking's too.
    """
    return page(settlement_id, booking_id=request.args.get("booking", ""))


def page(
    settlement_id: str,
    error: str = "",
    email: str = "",
    booking_id: str = "",
    retry_at: str | None = None,
) -> Response:
    """Return the payment page, which may say why paying did not start, and when it may.

    What is paid, given up, somebody else's or never was is not found, in the same words.
    """
    due = clients.current().billing.list_settlements_due(session.context())
    by_id = {row.settlement_id: row for row in due}
    found = by_id.get(booking_id) or by_id.get(settlement_id)
    shown = render_template(
        "money/pay.html",
        due=found,
        settlement_id=found.settlement_id if found else settlement_id,
        key=new_id(),
        error=error,
        email=email,
        message=sentence(error, frame.language()) if error else "",
        retry_at=retry_at,
    )
    return make_response(shown, status_of(error or "not_found") if error or not found else HTTPStatus.OK)


@blueprint.post("/pay/<settlement_id>")
@policy.family
def pay(settlement_id: str) -> Response:
    """Start a payment and lead to the provider's page; pressed twice, it starts once."""
    form = request.form
    email = form.get("email", "").strip()
    if email and not can_be_sent(email):
        return page(settlement_id, told(Refused("email_missing")), email)
    return begin(settlement_id, form.get("cash_office", ""), key=form.get("key", ""), email=email)


def begin(settlement_id: str, office_id: str, *, key: str, email: str = "") -> Response:
    """Start a payment and return the way to its page; or the page that says why none started."""
    body = {"settlement_id": settlement_id, "cash_office_id": office_id, "email": email}
    try:
        return started(
            key=key,
            body_sha256=idempotency.sha256_of("/payments", body),
            settlement_id=settlement_id,
            cash_office_id=office_id or None,
            email=email or None,
        )
    except Refused as refusal:
        if refusal.code not in SHOWN_ON_PAGE:
            raise
        return page(settlement_id, told(refusal), email, retry_at=retry_at(refusal))


def started(
    *,
    key: str,
    body_sha256: str,
    cash_office_id: str | None,
    email: str | None,
    settlement_id: str | None = None,
) -> Response:
    """Start a payment of an order, or of all that is due at a cash office, and return the way to its page."""
    home = current_app.extensions["settings"].public_url
    begun = clients.current().billing.start_payment(
        session.context(),
        settlement_id=settlement_id,
        return_url=home + url_for("portal.payment.come_back") + "?payment={payment_id}",
        key=key,
        body_sha256=body_sha256,
        cash_office_id=cash_office_id,
        email=email,
    )
    return _onward(begun)


def told(refusal: Refused) -> str:
    """Count a refusal that a page tells of, and return its code."""
    metrics.refused(refusal.code)
    return refusal.code


def retry_at(refusal: Refused) -> str | None:
    """Return the instant to wait for, where waiting is an answer; rounded up to the minute that is shown."""
    if refusal.code != "payment_page_open" or refusal.retry_after_s is None:
        return None
    at = Clock().now() + timedelta(seconds=refusal.retry_after_s, minutes=1, microseconds=-1)
    return to_text(at.replace(second=0, microsecond=0))


def can_be_sent(email: str) -> bool:
    """Tell whether a payment provider takes an address."""
    try:
        return len(as_sent(email)) <= EMAIL_MAX
    except NotAnAddress:
        return False


def _onward(payment: StartedPayment) -> Response:
    """Return the way to the provider while the payment is open there, else to what became of it."""
    if payment.page_url and payment.state in OPEN:
        if not _is_the_providers(payment.page_url):
            raise Failed("PaymentPageIsNotAtTheProviders")
        return redirect(payment.page_url, 303)
    return redirect(url_for("portal.payment.come_back", payment=payment.id), 303)


def _is_the_providers(address: str) -> bool:
    """Say whether an address is at the one other place to which we lead people."""
    parts = urlsplit(address)
    known: str = current_app.extensions["settings"].payment_host
    return bool(known) and f"{parts.scheme}://{parts.netloc}" == known.rstrip("/")


@blueprint.get("/payments/return")
@policy.family
def come_back() -> str:
    """Say truthfully where the payment stands; billing asks the provider, we believe no address."""
    billing, context = clients.current().billing, session.context()
    payment_id = request.args.get("payment") or billing.record_payment(
        session.anonymous(), request.args.get("id", "")
    )
    if payment_id is None:
        raise Refused("not_found", "no payment is called so")
    payment = billing.get_payment(context, payment_id)
    return render_template(
        "money/payment_return.html",
        payment=payment,
        outcome=outcome_of(payment) if payment.state == "paid" else None,
        waiting=payment.state in OPEN,
        refresh_s=REFRESH_S if payment.state in OPEN else None,
    )
