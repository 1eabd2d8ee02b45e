"""Numbered requests: what was asked for at once, for a child, a place and a period, and what became of it."""

from typing import Final

from flask import Blueprint, Response, render_template, request

from gateway import clients, policy, session
from gateway.pages import frame, printed

blueprint = Blueprint("requests", __name__, template_folder="templates")

PAGE_ROWS: Final = 20


@blueprint.get("/requests")
@policy.family
def show() -> str:
    """List the family's requests, the latest first, each with its state and its document."""
    found = clients.current().booking.list_requests(
        session.context(), cursor=request.args.get("cursor") or None, limit=PAGE_ROWS
    )
    return render_template(
        "bookings/requests.html",
        rows=found.data,
        states=[row.state for row in found.data],
        next=found.next_cursor,
        first=not request.args.get("cursor"),
    )


@blueprint.get("/requests/<request_id>")
@policy.family
def detail(request_id: str) -> str:
    """Show one request, line by line, as it stands now."""
    found = clients.current().booking.get_request(session.context(), request_id)
    lines = sorted(found.lines, key=lambda line: (line.day, line.arrives_at or ""))
    return render_template(
        "bookings/request.html",
        one=found,
        groups=[
            (action, own)
            for action in ("book", "cancel")
            if (own := [line for line in lines if line.action == action])
        ],
        states=[line.verdict for line in lines if line.verdict],
    )


@blueprint.get("/requests/<request_id>/request.pdf")
@policy.family
def document(request_id: str) -> Response:
    """Give one request as a document."""
    booking = clients.current().booking
    return printed.response(booking.print_request(session.context(), request_id, frame.language()))
