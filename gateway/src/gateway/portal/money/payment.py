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
from gateway.clients.booking import Confirmation
from gateway.errors import Failed, Refused, Unavailable, sentence, status_of
from gateway.pages import frame
from gateway.pages.links import url_for
from gateway.portal import days

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
    retry_after_s: int | None = None,
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
        retry_at=_retry_at(error, retry_after_s),
    )
    return make_response(shown, status_of(error or "not_found") if error or not found else HTTPStatus.OK)


@blueprint.post("/pay/<settlement_id>")
@policy.family
def pay(settlement_id: str) -> Response:
    """Start a payment and lead to the provider's page; pressed twice, it starts once."""
    form = request.form
    email = form.get("email", "").strip()
    if email and not _can_be_sent(email):
        metrics.refused("email_missing")
        return page(settlement_id, "email_missing", email)
    return begin(settlement_id, form.get("cash_office", ""), key=form.get("key", ""), email=email)


def begin(settlement_id: str, office_id: str, *, key: str, email: str = "") -> Response:
    """Start a payment and return the way to its page; or the page that says why none started."""
    body = {"settlement_id": settlement_id, "cash_office_id": office_id, "email": email}
    home = current_app.extensions["settings"].public_url
    try:
        started = clients.current().billing.start_payment(
            session.context(),
            settlement_id=settlement_id,
            return_url=home + url_for("portal.payment.come_back") + "?payment={payment_id}",
            key=key,
            body_sha256=idempotency.sha256_of("/payments", body),
            cash_office_id=office_id or None,
            email=email or None,
        )
    except Refused as refusal:
        if refusal.code not in SHOWN_ON_PAGE:
            raise
        metrics.refused(refusal.code)
        return page(settlement_id, refusal.code, email, retry_after_s=refusal.retry_after_s)
    return _onward(started)


def _retry_at(error: str, retry_after_s: int | None) -> str | None:
    """Return the instant to wait for, where waiting is an answer; rounded up to the minute that is shown."""
    if error != "payment_page_open" or retry_after_s is None:
        return None
    at = Clock().now() + timedelta(seconds=retry_after_s, minutes=1, microseconds=-1)
    return to_text(at.replace(second=0, microsecond=0))


def _can_be_sent(email: str) -> bool:
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
    answer = _confirmation_of(payment.settlement_id) if payment.state == "paid" else None
    return render_template(
        "money/payment_return.html",
        payment=payment,
        confirmation=answer,
        days=days.of_confirmation(answer) if answer else {},
        waiting=payment.state in OPEN,
        refresh_s=REFRESH_S if payment.state in OPEN else None,
    )


def _confirmation_of(settlement_id: str) -> Confirmation | None:
    """Return what was paid, None where that is a promoted seat or nobody can say."""
    try:
        return clients.current().booking.get_confirmation(session.context(), settlement_id)
    except (Refused, Unavailable, Failed):
        return None
