"""The outcome of a confirmation, line by line."""

from typing import Final

from flask import Blueprint, render_template

from gateway import clients, policy, session

blueprint = Blueprint("confirmations", __name__, template_folder="templates")

REFRESH_S: Final = 3


@blueprint.get("/confirmations/<confirmation_id>")
@policy.family
def show(confirmation_id: str) -> str:
    """Show what became of each line, the numbers of the requests, and what is to be paid."""
    answer = clients.current().booking.get_confirmation(session.context(), confirmation_id)
    # what is paid becomes accepted a moment later: until then it is not done, and not to be paid either
    paid = answer.payment.state == "settled"
    open_still = answer.state == "open" or (paid and any(row.verdict == "held" for row in answer.lines))
    unfinished = open_still or answer.payment.state == "pending"
    return render_template(
        "basket/confirmation.html",
        confirmation=answer,
        open_still=open_still,
        remarks=[line for line in answer.lines if line.verdict not in {"accepted", "cancelled", "held"}],
        refresh_s=REFRESH_S if unfinished else None,
    )
