"""The review of the draft and its confirmation: the second of two steps, and the only one that counts."""

import hashlib
import json
from dataclasses import asdict
from typing import Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from chassis.values.ids import new_id
from gateway import clients, idempotency, metrics, policy, session
from gateway.clients.booking import Confirmation, Review
from gateway.errors import Refused

blueprint = Blueprint("review", __name__, template_folder="templates")

IN_PROGRESS: Final = "confirmation_in_progress"
AFRESH: Final = {"review_stale", "draft_empty", "not_found"}
WAIT_S: Final = 3


@blueprint.get("/review")
@policy.family
def show() -> str:
    """Show what confirming the draft would do and cost."""
    return page()


def page(stale: str = "") -> str:
    """Return the review of the open draft as a page, which may say why it is shown again."""
    booking, context = clients.current().booking, session.context()
    draft = booking.open_draft(context)
    if not draft.movements:
        return render_template("basket/review_empty.html", stale=stale)
    review = booking.review(context, draft.id)
    return render_template(
        "basket/review.html", review=review, stale=stale, key=new_id(), read=fingerprint(review)
    )


def fingerprint(review: Review) -> str:
    """Return what a person agrees to when they agree to a review: its lines and amounts, not its number."""
    said = asdict(review)
    shown = [said[name] for name in ("bookings", "cancellations", "totals", "offices", "next")]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


@blueprint.post("/review/confirm")
@policy.family
def confirm() -> Response:
    """Confirm the review that was read; sent twice, it counts once and leads to the same outcome."""
    try:
        confirmed = _confirmation(request.form).id
    except Refused as refusal:
        if refusal.code not in {IN_PROGRESS, *AFRESH}:
            raise
        confirmed = _confirmed_before(request.form.get("draft", ""))
        if not confirmed:
            metrics.refused(refusal.code)
            stale = refusal.code != IN_PROGRESS
            return make_response(page(stale=refusal.code), 409) if stale else _wait(refusal)
    return redirect(url_for("portal.confirmations.show", confirmation_id=confirmed), 303)


def _confirmed_before(draft_id: str) -> str:
    """Return the confirmation that a basket has become already, perhaps by a first click; else an empty text.

    It has the basket's id, whether it is answered yet or still being worked on.
    """
    try:
        return clients.current().booking.get_confirmation(session.context(), draft_id).id
    except Refused as refusal:
        if refusal.code not in {"not_found", "malformed"}:
            raise
    return ""


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
