"""The balance of each wallet with an estimate up to a day, avoirs, payments made, what is due."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, render_template, request

from gateway import clients, policy, session
from gateway.pages import addresses, frame

blueprint = Blueprint("balance", __name__, template_folder="templates")

AHEAD: Final = timedelta(days=30)


@blueprint.get("/balance")
@policy.family
def show() -> str:
    """Show the money of the family."""
    billing, context = clients.current().billing, session.context()
    until_on = request.args.get("until", "")
    if not addresses.is_day(until_on):
        until_on = (frame.today() + AHEAD).isoformat()
    pending = request.args.get("pending") == "1"
    return render_template(
        "money/balance.html",
        wallets=billing.list_wallets(context, until_on, pending=pending),
        payments=billing.list_payments(context),
        due=billing.list_settlements_due(context),
        until_on=until_on,
        pending=pending,
    )
