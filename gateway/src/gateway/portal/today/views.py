"""Today's card: as a page, and as the copy that a device keeps to be read without a connection.

The copy holds no form and nobody's account, and says itself until when it may be read: the end of the day.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, make_response, render_template
from werkzeug.http import http_date
from werkzeug.wrappers import Response

from gateway import clients, policy, session
from gateway.pages import frame
from gateway.portal.today import card

blueprint = Blueprint("today", __name__, template_folder="templates")

BOOKED: Final = ("accepted", "held", "requested", "submitted", "waitlisted", "cancellation_requested")
BOOKINGS_MAX: Final = 100


@blueprint.get("/today")
@policy.family
def show() -> str:
    """Show today's card."""
    return render_template("today/today.html", **_card())


@blueprint.get("/today/kept")
@policy.family
def kept() -> Response:
    """Show today's card as a device keeps it."""
    response = make_response(render_template("today/kept.html", me=None, here="", **_card()))
    response.headers["Expires"] = http_date(_end_of_day())
    return response


def _card() -> dict[str, Any]:
    services, context, day = clients.current(), session.context(), frame.today().isoformat()
    booked = services.booking.list_bookings(
        context, from_on=day, to_on=day, states=BOOKED, limit=BOOKINGS_MAX
    )
    family = services.family.get_family(context)
    return {
        "day": day,
        "as_of": frame.now().isoformat(),
        "children": card.of_family(family.children, booked.data),
        "guardians": family.guardians,
    }


def _end_of_day() -> datetime:
    after = frame.today() + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(frame.zone()))
