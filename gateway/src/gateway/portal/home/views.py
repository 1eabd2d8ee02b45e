"""My family account: what waits for us, what comes next, who we are."""

import hashlib
import re
from typing import Final

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from gateway import clients, cookies, policy, session
from gateway.clients.identity import Announcement
from gateway.pages import brand, frame
from gateway.pages.links import url_for
from gateway.portal import days
from gateway.portal.money.tills import together

blueprint = Blueprint("home", __name__, template_folder="templates")

BOOKINGS_SHOWN: Final = 20
COMING: Final = ("accepted", "held", "requested", "submitted", "waitlisted", "cancellation_requested")
CLOSED_COOKIE: Final = "closed"
CLOSED_MAX: Final = 20
CLOSED_AGE_S: Final = 365 * 24 * 3600
NAME_LENGTH: Final = 10


@blueprint.get("/home")
@policy.person
def show() -> str:
    """Show the family account."""
    if session.required().family_id is None:
        return render_template("home/staff.html", announced=open_announcements())
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
        announced=open_announcements(),
    )


@blueprint.post("/home/announcements/close")
@policy.person
def close_announcement() -> Response:
    """Close an announcement in this browser; another text under the same title is another announcement."""
    response = redirect(url_for("portal.home.show"), 303)
    name = request.form.get("announcement", "")
    if re.fullmatch(f"[0-9a-f]{{{NAME_LENGTH}}}", name):
        kept = [name, *(each for each in _closed() if each != name)][:CLOSED_MAX]
        cookies.keep(response, CLOSED_COOKIE, ".".join(kept), CLOSED_AGE_S)
    return response


def open_announcements() -> dict[str, Announcement]:
    """Return the announcements of the town that were not closed in this browser, by their names."""
    town = brand.town()
    named = {_name(each): each for each in town.announcements} if town else {}
    return {name: each for name, each in named.items() if name not in _closed()}


def _name(announcement: Announcement) -> str:
    said = f"{announcement.title}\n{announcement.text}"
    return hashlib.sha256(said.encode()).hexdigest()[:NAME_LENGTH]


def _closed() -> list[str]:
    return cookies.read(CLOSED_COOKIE).split(".")
