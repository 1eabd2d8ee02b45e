"""The planning: choose children, centre, period, activity; see a month or a week; open one day's list."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from gateway import clients, policy, session
from gateway.errors import Refused
from gateway.pages import addresses, frame, labels
from gateway.portal.planning import cells, choice, grid, panel
from gateway.portal.planning.choice import Choice
from gateway.portal.planning.grid import Cell, Series

blueprint = Blueprint("planning", __name__, template_folder="templates")
blueprint.add_app_template_global(cells.cell, "draw")


@dataclass(frozen=True, slots=True)
class Board:
    """One calendar of the page: whose, what for, and its weeks."""

    number: int
    child: dict[str, Any]
    day_part: str | None
    hours: tuple[str, str] | None
    rows: list[list[tuple[int, Cell | None]]]
    series: Series | None = None


@dataclass(frozen=True, slots=True)
class DayRow:
    """One activity in the list of a day."""

    name: str
    centre: str
    day_part: str
    hours: tuple[str | None, str | None]
    cell: Cell
    series: Series


@blueprint.get("/planning")
@policy.authenticated
def show() -> str:
    """Show the planning, or for htmx the part of it that changes."""
    template = "planning/view.html" if frame.is_partial() else "planning/planning.html"
    return render_template(template, **view(request.args))


@blueprint.get("/planning/day")
@policy.authenticated
def show_day() -> str:
    """Show all activities of one child's day, each to book or to cancel."""
    return render_template("planning/day.html", **day_view(request.args))


def view(args: MultiDict[str, str]) -> dict[str, Any]:
    """Ask for the offer, the calendar and the draft, and put them side by side."""
    booking, context = clients.current().booking, session.context()
    offer = booking.list_offer(context, with_draft=True)
    chosen = choice.choose(offer, args.to_dict(flat=False), frame.today())
    draft = offer["draft"]
    shown: dict[str, Any] = {"boards": [], "series": []}
    if chosen.child_ids and chosen.period:
        shown = _boards(chosen, offer, draft, calendar(chosen))
    return {
        "choice": chosen,
        "offer": offer,
        "panel": panel.panel(draft, offer),
        "looks": labels.looks(frame.language(), aggregate=chosen.activity_id is None),
        "marks": labels.marks(frame.language()),
        "periods": choice.open_periods(offer, chosen.centre_id, frame.today()),
        "groups": choice.by_group(choice.activities(offer, chosen.child_ids, chosen.centre_id)),
        "months": choice.months(chosen.period, frame.today()),
        "mondays": choice.mondays(chosen.month, chosen.period),
        "back": url_for("portal.planning.show") + "?" + chosen.query(),
        **shown,
    }


def calendar(chosen: Choice) -> dict[str, Any]:
    """Ask booking for the days that the choice shows."""
    first, last = chosen.shown_days()
    return clients.current().booking.get_calendar(
        session.context(),
        child_ids=chosen.child_ids,
        from_on=first.isoformat(),
        to_on=last.isoformat(),
        activity_id=chosen.activity_id,
        centre_id=chosen.centre_id,
    )


def _boards(
    chosen: Choice, offer: dict[str, Any], draft: dict[str, Any], shown: dict[str, Any]
) -> dict[str, Any]:
    children = {row["id"]: row for row in offer["children"]}
    notes = {row["day"]: row for row in shown["days"]}
    shown_weeks = grid.weeks(*chosen.shown_days())
    if chosen.activity_id is None:
        boards = _aggregates(chosen, children, draft, shown, notes)
        return {"boards": boards, "series": [], "notes": notes}
    read = grid.reader(frame.language(), frame.zone(), frame.today())
    plan = grid.drafted(draft)
    hours = _hours(offer, chosen.activity_id)
    boards = []
    for number, row in enumerate(shown["series"]):
        series = Series(number, row["child_id"], row["activity_id"], row["centre_id"], row["day_part"])
        cells = {day["day"]: grid.cell(day, series, plan, read, notes.get(day["day"])) for day in row["days"]}
        part = row["day_part"]
        boards.append(
            Board(
                number,
                children[row["child_id"]],
                part,
                hours.get(part),
                grid.rows(shown_weeks, cells),
                series,
            )
        )
    return {"boards": boards, "series": [board.series for board in boards], "notes": notes}


def _aggregates(
    chosen: Choice,
    children: dict[str, Any],
    draft: dict[str, Any],
    shown: dict[str, Any],
    notes: dict[str, Any],
) -> list[Board]:
    read = grid.reader(frame.language(), frame.zone(), frame.today(), aggregate=True)
    changed = grid.changes_by_day(draft)
    shown_weeks = grid.weeks(*chosen.shown_days())
    boards = []
    for number, row in enumerate(shown["aggregates"]):
        child_id = row["child_id"]
        href = f"{url_for('portal.planning.show_day')}?{chosen.query()}&for={child_id}&day="
        cells = {
            day["day"]: grid.aggregate_cell(
                day,
                number,
                changed.get((child_id, day["day"]), 0),
                read,
                notes.get(day["day"], {}),
                href=href,
            )
            for day in row["days"]
        }
        boards.append(Board(number, children[child_id], None, None, grid.rows(shown_weeks, cells)))
    return boards


def _hours(offer: dict[str, Any], activity_id: str) -> dict[str, tuple[str, str]]:
    return {
        part["day_part"]: (part["arrives_at"], part["leaves_at"])
        for row in offer["activities"]
        if row["id"] == activity_id
        for part in row["day_parts"]
    }


def day_view(args: MultiDict[str, str]) -> dict[str, Any]:
    """Ask for one child's day and the draft; refused not_found for a child or a day that isn't there."""
    booking, context = clients.current().booking, session.context()
    offer = booking.list_offer(context, with_draft=True)
    chosen = choice.choose(offer, args.to_dict(flat=False), frame.today())
    child = next((row for row in offer["children"] if row["id"] == args.get("for")), None)
    day = args.get("day", "")
    if child is None or not addresses.is_day(day):
        raise Refused("not_found")
    draft = offer["draft"]
    answer = booking.get_day(context, child["id"], day, chosen.centre_id)
    return {
        "choice": chosen,
        "child": child,
        "day": day,
        "rows": _day_rows(answer["activities"], child["id"], offer, draft),
        "panel": panel.panel(draft, offer),
        "looks": labels.looks(frame.language(), aggregate=False),
        "marks": labels.marks(frame.language()),
        "up": url_for("portal.planning.show") + "?" + chosen.query(),
        "back": f"{url_for('portal.planning.show_day')}?{chosen.query()}&for={child['id']}&day={day}",
    }


def _day_rows(
    found: list[dict[str, Any]], child_id: str, offer: dict[str, Any], draft: dict[str, Any]
) -> list[DayRow]:
    read = grid.reader(frame.language(), frame.zone(), frame.today())
    plan = grid.drafted(draft)
    centres = {row["id"]: row["name"] for row in offer["centres"]}
    shown = []
    for number, row in enumerate(found):
        series = Series(number, child_id, row["activity_id"], row["centre_id"], row["day_part"])
        shown.append(
            DayRow(
                row["activity_name"],
                centres.get(row["centre_id"], ""),
                row["day_part"],
                (row["arrives_at"], row["leaves_at"]),
                grid.cell(row["cell"], series, plan, read, wide=True),
                series,
            )
        )
    return shown
