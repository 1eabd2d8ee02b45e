"""The review of the draft and its confirmation: the second of two steps, and the only one that counts."""

import hashlib
import json
from dataclasses import asdict
from typing import Final

from flask import Blueprint, make_response, redirect, render_template, request
from flask import Response as PlainResponse
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from chassis.values.ids import new_id
from gateway import clients, idempotency, metrics, policy, session
from gateway.clients.booking import Confirmation, Review
from gateway.errors import Failed, Refused, Unavailable
from gateway.pages import addresses, frame, printed
from gateway.pages.links import url_for
from gateway.portal.basket import account
from gateway.portal.money import payment

blueprint = Blueprint("review", __name__, template_folder="templates")

IN_PROGRESS: Final = "confirmation_in_progress"
AFRESH: Final = {"review_stale", "draft_empty", "not_found"}
WAIT_S: Final = 3


@blueprint.get("/review")
@policy.family
def show() -> str:
    """Show what confirming the draft would do and cost; `stale` says that another review was read before."""
    booking, context = clients.current().booking, session.context()
    back = addresses.inside(request.args.get("back", "")) or url_for("portal.planning.show")
    stale = request.args.get("stale", "")
    draft = booking.open_draft(context)
    if not draft.movements:
        return render_template("basket/review_empty.html", stale=stale, back=back)
    review = booking.review(context, draft.id)
    sums = account.account(review)
    return render_template(
        "basket/review.html",
        review=review,
        groups=account.groups(review.bookings),
        cancelled=account.groups(review.cancellations),
        sums=account.rows(sums),
        left_over=account.left_over(sums),
        undo=account.undo,
        stale=stale,
        key=new_id(),
        read=fingerprint(review),
        expected=_expected(review),
        count=len(draft.movements),
        here=url_for(".show", back=back),
        back=back,
    )


@blueprint.get("/review/<draft_id>.pdf")
@policy.family
def document(draft_id: str) -> PlainResponse:
    """Give the review that was last shown as a document."""
    booking = clients.current().booking
    return printed.response(booking.print_review(session.context(), draft_id, frame.language()))


def fingerprint(review: Review) -> str:
    """Return what a person agrees to when they agree to a review: its lines and amounts, not its number."""
    said = asdict(review)
    shown = [said[name] for name in ("bookings", "cancellations", "totals", "offices", "next")]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


def _expected(review: Review) -> str:
    """Return what is expected of each line and to be paid, to be held against the answer."""
    lines = sorted((*review.cancellations, *review.bookings), key=lambda line: line.line)
    return " ".join([*(line.expected for line in lines), str(review.totals.amount_due_cents)])


def _answered(confirmation: Confirmation) -> str:
    """Return what became of each line, in the words of `_expected`."""
    lines = sorted(confirmation.lines, key=lambda line: line.line)
    return " ".join([*(line.verdict or "" for line in lines), str(confirmation.payment.amount_due_cents)])


@blueprint.post("/review/confirm")
@policy.family
def confirm() -> Response:
    """Confirm the review that was read, and lead to the payment page; sent twice, it counts once.

    Where the answer differs from what was read, it is shown before anything is paid.
    """
    form = request.form
    try:
        confirmed = _confirmation(form)
    except Refused as refusal:
        if refusal.code not in {IN_PROGRESS, *AFRESH}:
            raise
        before = _confirmed_before(form.get("draft", ""))
        if before is None:
            metrics.refused(refusal.code)
            return _wait(refusal) if refusal.code == IN_PROGRESS else _read_again(form, refusal.code)
        confirmed = before
    return _onward(confirmed, form)


def _onward(confirmed: Confirmation, form: MultiDict[str, str]) -> Response:
    """Return the way to the provider where all is as it was read and one cash office is to be paid."""
    expected, due = form.get("expected", ""), confirmed.payment
    outcome = url_for("portal.confirmations.show", confirmation_id=confirmed.id)
    offices = [office for office in due.offices if office.amount_due_cents]
    if due.state != "due" or len(offices) != 1:
        return redirect(outcome, 303)
    if _answered(confirmed) != expected:
        read_cents = expected.rpartition(" ")[2]
        return redirect(outcome + (f"?read={read_cents}" if read_cents.isdigit() else ""), 303)
    try:
        return payment.begin(confirmed.id, offices[0].cash_office_id, key=f"{form.get('key', '')[:100]}-pay")
    except (Unavailable, Failed):
        return redirect(outcome, 303)  # it is confirmed all the same: the page has the button to pay


def _read_again(form: MultiDict[str, str], code: str) -> Response:
    back = addresses.inside(form.get("back", "")) or None
    return redirect(url_for(".show", stale=code, back=back), 303)


def _confirmed_before(draft_id: str) -> Confirmation | None:
    """Return the confirmation that a basket has become already, perhaps by a first click.

    It has the basket's id, whether it is answered yet or still being worked on.
    """
    try:
        return clients.current().booking.get_confirmation(session.context(), draft_id)
    except Refused as refusal:
        if refusal.code not in {"not_found", "malformed"}:
            raise
    return None


def _confirmation(form: MultiDict[str, str]) -> Confirmation:
    booking, context = clients.current().booking, session.context()
    draft_id, quote_id, key = form.get("draft", ""), form.get("quote", ""), form.get("key", "")
    sha256 = idempotency.sha256_of(f"/drafts/{draft_id}/confirmation", {"quote_id": quote_id})
    try:
        return booking.confirm(context, draft_id, quote_id, key=key, body_sha256=sha256)
    except Refused as refusal:
        again = _unchanged(draft_id, form.get("read", "")) if refusal.code == "review_stale" else ""
        if not again:
            raise
        return booking.confirm(context, draft_id, again, key=key, body_sha256=sha256)


def _unchanged(draft_id: str, read: str) -> str:
    """Return the number of a new review that says what was read, else an empty text.

    Every review of a draft takes the place of the one before, also one that another window asked for, or the
    planning for its costs: only a review that says something else is worth reading again.
    """
    review = clients.current().booking.review(session.context(), draft_id)
    return review.quote_id if fingerprint(review) == read else ""


def _wait(refusal: Refused) -> Response:
    """Return the page that waits for another confirmation of the same child and comes back by itself."""
    seconds = refusal.retry_after_s or WAIT_S
    response = make_response(
        render_template("basket/wait.html", seconds=seconds, again=url_for(".show")), 409
    )
    response.headers["Retry-After"] = str(seconds)
    return response


@blueprint.post("/review/abandon")
@policy.family
def abandon() -> Response:
    """Throw the draft away."""
    try:
        clients.current().booking.abandon_draft(session.context(), request.form.get("draft", ""))
    except Refused as refusal:
        if refusal.code != "not_found":
            raise
    return redirect(url_for("portal.home.show"), 303)
