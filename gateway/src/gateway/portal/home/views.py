"""My family account: what waits for us, what comes next, who we are."""

from typing import Final

from flask import Blueprint, render_template

from gateway import clients, policy, session
from gateway.pages import frame
from gateway.portal import days
from gateway.portal.money.tills import together

blueprint = Blueprint("home", __name__, template_folder="templates")

BOOKINGS_SHOWN: Final = 20
COMING: Final = ("accepted", "held", "requested", "submitted", "waitlisted", "cancellation_requested")


@blueprint.get("/home")
@policy.person
def show() -> str:
    """Show the family account."""
    if session.required().family_id is None:
        return render_template("home/staff.html")
    services, context = clients.current(), session.context()
    from_on = frame.today().isoformat()
    coming = services.booking.list_bookings(context, from_on=from_on, states=COMING, limit=BOOKINGS_SHOWN)
    draft = services.booking.open_draft(context)
    family = services.family.get_family(context)
    due = services.billing.list_settlements_due(context)
    names = {child.id: child.first_name for child in family.children}
    return render_template(
        "home/home.html",
        family=family,
        days=days.by_day(((row.state, row) for row in coming.data), names),
        due=due,
        tills=together(due),
        held=days.held_of(coming.data, names),
        draft_count=len(draft.movements),
    )
