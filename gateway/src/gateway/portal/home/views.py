"""My family account: who we are, what comes next, what waits for us."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import Blueprint, render_template

from gateway import clients, policy, session
from gateway.clients.booking import Booking
from gateway.pages import frame

blueprint = Blueprint("home", __name__, template_folder="templates")

BOOKINGS_SHOWN: Final = 12
WAITING: Final = ("held", "requested", "submitted", "waitlisted", "cancellation_requested")
COMING: Final = ("accepted", "held")


@dataclass(slots=True)
class Entry:
    """One activity of one day in one state, with the first names of those who go there."""

    activity_name: str
    state: str
    rank: int | None
    children: list[str] = field(default_factory=list)


@blueprint.get("/home")
@policy.person
def show() -> str:
    """Show the family account."""
    if session.required().family_id is None:
        return render_template("home/staff.html")
    services, context = clients.current(), session.context()
    from_on = frame.today().isoformat()
    coming = services.booking.list_bookings(context, from_on=from_on, states=COMING, limit=BOOKINGS_SHOWN)
    waiting = services.booking.list_bookings(context, from_on=from_on, states=WAITING, limit=BOOKINGS_SHOWN)
    draft = services.booking.open_draft(context)
    family = services.family.get_family(context)
    names = {child.id: child.first_name for child in family.children}
    return render_template(
        "home/home.html",
        family=family,
        coming=by_day(coming.data, names),
        waiting=by_day((row for row in waiting.data if row.state != "held"), names),
        due=services.billing.list_settlements_due(context),
        draft_count=len(draft.movements),
    )


def by_day(rows: Iterable[Booking], names: Mapping[str, str]) -> dict[str, list[Entry]]:
    """Return bookings under their days; brothers and sisters who do the same stand on one line."""
    days: dict[str, dict[tuple[str, str, int | None], Entry]] = {}
    for row in rows:
        entries = days.setdefault(row.day, {})
        entry = entries.setdefault(
            (row.activity_id, row.state, row.rank), Entry(row.activity_name, row.state, row.rank)
        )
        entry.children.append(names.get(row.child_id, row.child_name))
    return {day: list(entries.values()) for day, entries in days.items()}
