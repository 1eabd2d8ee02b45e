"""The outcome of a confirmation: what became of each day, what is to be paid, and what was given back."""

from typing import Final

from flask import Blueprint, Response, current_app, render_template, request

from chassis.values.clock import Clock
from chassis.values.ids import new_id
from gateway import clients, policy, session
from gateway.clients.billing import CreditNote
from gateway.clients.booking import Confirmation
from gateway.errors import Failed, Refused, Unavailable
from gateway.pages import frame
from gateway.portal import days
from gateway.portal.days import ics

blueprint = Blueprint("confirmations", __name__, template_folder="templates")

REFRESH_S: Final = 3
GOOD: Final = {"accepted", "cancelled", "held"}
STAYS: Final = {"accepted", "held"}


@blueprint.get("/confirmations/<confirmation_id>")
@policy.family
def show(confirmation_id: str) -> str:
    """Show what became of each line, the numbers of the requests, and what is to be paid.

    `read` is the amount of the review that was confirmed, where the answer came to another one.
    """
    answer = clients.current().booking.get_confirmation(session.context(), confirmation_id)
    # what is paid becomes accepted a moment later: until then it is not done, and not to be paid either
    paid = answer.payment.state == "settled"
    open_still = answer.state == "open" or (paid and any(row.verdict == "held" for row in answer.lines))
    unfinished = open_still or answer.payment.state == "pending"
    read = request.args.get("read", "")
    offices = [office for office in answer.payment.offices if office.amount_due_cents]
    return render_template(
        "basket/confirmation.html",
        confirmation=answer,
        open_still=open_still,
        remarks=[line for line in answer.lines if line.verdict not in GOOD],
        cancelled=[line for line in answer.lines if line.verdict == "cancelled"],
        only_cancelled=all(line.action == "cancel" for line in answer.lines),
        notes=[] if unfinished else notes_of(answer),
        days=days.of_confirmation(answer),
        children={line.child_id: line.child_name for line in answer.lines},
        office=offices[0] if len(offices) == 1 else None,
        key=new_id(),
        read_cents=int(read) if read.isdigit() and len(read) < 9 else None,  # noqa: PLR2004 - as cents may be
        refresh_s=REFRESH_S if unfinished else None,
    )


def notes_of(answer: Confirmation) -> list[CreditNote]:
    """Return the credit notes that its cancellations made; none while billing is silent."""
    booking_ids = {
        line.booking_id for line in answer.lines if line.verdict == "cancelled" and line.booking_id
    }
    if not booking_ids:
        return []
    try:
        found = clients.current().billing.list_credit_notes(session.context())
    except (Refused, Unavailable, Failed):
        return []
    return [note for note in found if note.booking_id in booking_ids]


@blueprint.get("/confirmations/<confirmation_id>/days.ics")
@policy.family
def calendar(confirmation_id: str) -> Response:
    """Give the days of a confirmation as a calendar."""
    answer = clients.current().booking.get_confirmation(session.context(), confirmation_id)
    stays = [line for line in answer.lines if line.verdict in STAYS]
    clock: Clock = current_app.extensions.get("clock") or Clock()
    events = (
        ics.event(line.booking_id or f"{answer.id}-{line.line}", line, line.centre_name) for line in stays
    )
    return Response(
        ics.calendar(events, frame.zone(), clock.now()), headers=ics.HEADERS, mimetype="text/calendar"
    )
