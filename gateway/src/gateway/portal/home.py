"""My family account: who we are, what comes next, what waits for us."""

from typing import Any

from flask import Blueprint, render_template

from gateway import clients, policy, session
from gateway.portal import frame

blueprint = Blueprint("home", __name__)

BOOKINGS_SHOWN = 6
WAITING = ("held", "requested", "submitted", "waitlisted", "cancellation_requested")
COMING = ("accepted", "held")


@blueprint.get("/home")
@policy.authenticated
def show() -> str:
    """Show the family account."""
    if session.required().family_id is None:
        return render_template("portal/staff.html")
    services, context = clients.current(), session.context()
    from_on = frame.today().isoformat()
    coming = services.booking.list_bookings(context, from_on=from_on, states=COMING, limit=BOOKINGS_SHOWN)
    waiting = services.booking.list_bookings(context, from_on=from_on, states=WAITING, limit=BOOKINGS_SHOWN)
    draft = services.booking.open_draft(context)["draft"]
    shown: dict[str, Any] = {
        "family": services.family.get_family(context)["family"],
        "coming": coming["data"],
        "waiting": [row for row in waiting["data"] if row["state"] != "held"],
        "due": services.billing.list_settlements_due(context)["data"],
        "draft_count": len(draft["movements"]),
    }
    return render_template("portal/home.html", **shown)
