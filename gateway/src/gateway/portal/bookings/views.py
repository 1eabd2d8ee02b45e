"""Tracking: what was booked, in which state; and cancelling one booking."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from chassis.values.ids import new_id
from gateway import clients, idempotency, policy, session
from gateway.errors import Refused
from gateway.pages import addresses, frame

blueprint = Blueprint("bookings", __name__, template_folder="templates")

# The tick boxes: each stands for the states that a family takes as one.
GROUPS: Final = {
    "accepted": ("accepted",),
    "waiting": ("held", "requested", "submitted", "cancellation_requested"),
    "list": ("waitlisted",),
    "over": ("cancelled", "refused", "expired"),
}
SHOWN_FIRST: Final = ("accepted", "waiting", "list")
PAGE_ROWS: Final = 50


@blueprint.get("/bookings")
@policy.family
def show() -> str:
    """List the bookings that the filters let through."""
    booking, context = clients.current().booking, session.context()
    filters = read_filters(request.args, frame.today().isoformat())
    reply = booking.list_bookings(
        context,
        child_id=filters.child or None,
        from_on=filters.from_on or None,
        to_on=filters.to_on or None,
        states=[state for group in filters.groups for state in GROUPS[group]],
        cursor=request.args.get("cursor") or None,
        limit=PAGE_ROWS,
    )
    return render_template(
        "bookings/bookings.html",
        rows=reply.data,
        total_cents=reply.total_cents,
        filters=filters,
        children=booking.list_offer(context).children,
        next=_next(filters, reply.next_cursor),
        first=not request.args.get("cursor"),
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """Which bookings are looked at; an empty text asks for all."""

    child: str
    from_on: str
    to_on: str
    groups: list[str]


def read_filters(args: MultiDict[str, str], today: str) -> Filters:
    """Return the filters that the address names; days that are none are left out."""
    from_on, to_on = args.get("from", today), args.get("to", "")
    asked = [group for group in args.getlist("state") if group in GROUPS]
    return Filters(
        child=args.get("child", ""),
        from_on=from_on if addresses.is_day(from_on) else "",
        to_on=to_on if addresses.is_day(to_on) else "",
        groups=asked or list(SHOWN_FIRST),
    )


def _next(filters: Filters, cursor: str | None) -> str | None:
    if not cursor:
        return None
    pairs = [("child", filters.child), ("from", filters.from_on), ("to", filters.to_on)]
    pairs += [("state", group) for group in filters.groups] + [("cursor", cursor)]
    return url_for("portal.bookings.show") + "?" + urlencode(pairs)


@blueprint.get("/bookings/<booking_id>/cancel")
@policy.family
def ask(booking_id: str) -> str:
    """Ask whether to cancel, and say what follows."""
    child_id, day = request.args.get("child", ""), request.args.get("day", "")
    if not addresses.is_day(day):
        raise Refused("not_found")
    reply = clients.current().booking.list_bookings(
        session.context(), child_id=child_id or None, from_on=day, to_on=day, limit=100
    )
    row = next((row for row in reply.data if row.id == booking_id), None)
    if row is None:
        raise Refused("not_found")
    return render_template("bookings/cancel.html", row=row, key=new_id())


@blueprint.post("/bookings/<booking_id>/cancel")
@policy.family
def cancel(booking_id: str) -> Response:
    """Cancel one booking, or leave one waiting list; sent twice, it counts once."""
    confirmation = clients.current().booking.cancel(
        session.context(),
        booking_id,
        key=request.form.get("key", ""),
        body_sha256=idempotency.sha256_of(f"/bookings/{booking_id}/cancellation", {}),
    )
    return redirect(url_for("portal.confirmations.show", confirmation_id=confirmation.id), 303)
