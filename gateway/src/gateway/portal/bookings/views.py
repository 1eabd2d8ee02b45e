"""Tracking: what was booked, in which state; and giving back one booking or several."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, render_template, request
from flask import Response as PlainResponse
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from chassis.values.clock import Clock
from chassis.values.ids import new_id
from gateway import clients, idempotency, policy, session
from gateway.clients.booking import Booking
from gateway.errors import Refused
from gateway.pages import addresses, frame
from gateway.pages.links import url_for
from gateway.portal.days import ics
from gateway.portal.planning import panel

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
CALENDAR_ROWS: Final = 100


@blueprint.get("/bookings")
@policy.family
def show() -> str:
    """List the bookings that the filters let through."""
    booking, context = clients.current().booking, session.context()
    today = frame.today().isoformat()
    filters = read_filters(request.args, today)
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
        groups=groups(reply.data),
        total_cents=reply.total_cents,
        count=len(reply.data),
        cancellable=any(row.cancellable for row in reply.data),
        filters=filters,
        filtered=filters != read_filters(MultiDict(), today),
        children=booking.list_offer(context).children,
        next=_next(filters, reply.next_cursor),
        first=not request.args.get("cursor"),
        movement=movement,
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """Which bookings are looked at; an empty text asks for all."""

    child: str
    from_on: str
    to_on: str
    groups: list[str]


@dataclass(frozen=True, slots=True)
class Group:
    """One child's bookings by activity."""

    child: str
    activities: dict[str, list[Booking]]
    cents: int


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


def groups(rows: Iterable[Booking]) -> list[Group]:
    """Return bookings by child, then activity, then day."""
    found: dict[str, list[Booking]] = {}
    for row in rows:
        found.setdefault(row.child_id, []).append(row)
    return [
        Group(own[0].child_name, _by_activity(own), sum(row.cost_cents or 0 for row in own))
        for own in found.values()
    ]


def _by_activity(rows: Iterable[Booking]) -> dict[str, list[Booking]]:
    found: dict[str, list[Booking]] = {}
    for row in rows:
        found.setdefault(row.activity_name, []).append(row)
    return found


def movement(row: Booking) -> str:
    """Return what gives a booking back, as its tick box sends it."""
    return f"cancel {row.child_id} {row.activity_id} {row.centre_id} {row.day} {row.day_part}"


def _next(filters: Filters, cursor: str | None) -> str | None:
    if not cursor:
        return None
    pairs = [("child", filters.child), ("from", filters.from_on), ("to", filters.to_on)]
    pairs += [("state", group) for group in filters.groups] + [("cursor", cursor)]
    return url_for("portal.bookings.show") + "?" + urlencode(pairs)


@blueprint.post("/bookings/cancel")
@policy.family
def cancel_several() -> Response:
    """Put the ticked bookings into the basket, to be given back; the review says what comes of it."""
    chosen = [found for text in request.form.getlist("cancel") if (found := panel.movement(text))]
    back = addresses.inside(request.form.get("back", "")) or url_for(".show")
    if not chosen:
        return redirect(back, 303)
    booking, context = clients.current().booking, session.context()
    booking.change_draft(context, booking.open_draft(context).id, add=chosen)
    return redirect(url_for("portal.review.show", back=back), 303)


@blueprint.get("/bookings/days.ics")
@policy.family
def calendar() -> PlainResponse:
    """Give the days to come as a calendar."""
    found = clients.current().booking.list_bookings(
        session.context(),
        from_on=frame.today().isoformat(),
        states=("accepted", "held"),
        limit=CALENDAR_ROWS,
    )
    clock: Clock = current_app.extensions.get("clock") or Clock()
    written = ics.calendar(
        (ics.event(row.id, row, row.centre_name) for row in found.data), frame.zone(), clock.now()
    )
    return PlainResponse(written, headers=ics.HEADERS, mimetype="text/calendar")


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
