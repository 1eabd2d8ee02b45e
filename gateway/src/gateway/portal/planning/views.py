"""The planning: a child's month, a week of all children, the list of one day."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from gateway import clients, policy, session
from gateway.clients.booking import Calendar, OfferAndDraft
from gateway.errors import Refused
from gateway.pages import addresses, frame, states
from gateway.pages.links import url_for
from gateway.portal.planning import boards, cells, choice, grid, matrix, panel, prices
from gateway.portal.planning.boards import Board
from gateway.portal.planning.choice import Choice
from gateway.portal.planning.grid import Cell, Reader

blueprint = Blueprint("planning", __name__, template_folder="templates")
blueprint.add_app_template_global(cells.day, "draw_day")
blueprint.add_app_template_global(cells.slot, "draw_slot")
blueprint.add_app_template_global(cells.weeks, "draw_weeks")
blueprint.add_app_template_global(cells.sheets, "draw_sheets")


@blueprint.get("/planning")
@policy.family
def show() -> str | Response:
    """Show a month of one child, or for htmx the part of it that changes; a week has a page of its own."""
    if request.args.get("week"):
        return redirect(f"{url_for('.show_week')}?{request.query_string.decode()}", 303)
    offer, chosen, shown = _asked(weekly=False)
    read = reader(aggregate=chosen.activity_id is None)
    found = _boards(chosen, offer, shown, read) if shown else []
    drawn = [cell for board in found for row in board.rows for _, cell in row.cells if cell]
    months = choice.months(choice.open_periods(offer, chosen.centre_id, frame.today()), frame.today())
    return render_template(
        "planning/view.html" if frame.is_partial() else "planning/planning.html",
        boards=found,
        series=[board.series for board in found if board.series],
        notes=boards.notes_of(shown) if shown else {},
        months=months,
        around=choice.around(chosen.month, months),
        **_common(offer, chosen, read, drawn),
    )


@blueprint.get("/planning/week")
@policy.family
def show_week() -> str:
    """Show a week of several children, all activities or one, or for htmx the part of it that changes."""
    offer, chosen, shown = _asked(weekly=True)
    read = reader()
    week = matrix.week_of(chosen, offer, shown, read) if shown else matrix.Week({}, [])
    mondays = choice.mondays(choice.open_periods(offer, chosen.centre_id, frame.today()), frame.today())
    names = {child.id: child.first_name for child in offer.children}
    return render_template(
        "planning/week_view.html" if frame.is_partial() else "planning/week.html",
        week=week,
        series=week.series,
        names=[names[child_id] for child_id in chosen.child_ids],
        around=choice.around(chosen.shown_days()[0], mondays),
        **_common(offer, chosen, read, matrix.cells_of(week)),
    )


@blueprint.get("/planning/day")
@policy.family
def show_day() -> str:
    """Show all activities of one child's day, each to book or to cancel.

    Refused not_found for a child or a day that isn't there.
    """
    offer = clients.current().booking.list_offer_and_draft(session.context())
    chosen = choice.choose(offer, request.args.to_dict(flat=False), frame.today())
    child = next((child for child in offer.children if child.id == request.args.get("for")), None)
    day = request.args.get("day", "")
    if child is None or not addresses.is_day(day):
        raise Refused("not_found")
    answer = clients.current().booking.get_day(session.context(), child.id, day, chosen.centre_id)
    read = reader()
    rows = boards.day_rows(answer["activities"], child.id, offer, read)
    return render_template(
        "planning/day.html",
        child=child,
        day=day,
        rows=rows,
        series=[row.series for row in rows],
        up=f"{url_for('.show')}?{chosen.query()}",
        **{
            **_common(offer, chosen, read, [row.cell for row in rows]),
            "back": _day_list(chosen, child.id) + day,
        },
    )


def reader(*, aggregate: bool = False) -> Reader:
    """Return who reads this page, with the prices of the family."""
    return grid.reader(frame.language(), frame.zone(), frame.today(), prices.known(), aggregate=aggregate)


def _common(offer: OfferAndDraft, chosen: Choice, read: Reader, drawn: Iterable[Cell]) -> dict[str, Any]:
    """Return what the pages of the planning have in common."""
    colours, marked = boards.states_shown(drawn)
    page = ".show_week" if chosen.week else ".show"
    return {
        "choice": chosen,
        "offer": offer,
        "panel": panel.panel(offer.draft, offer, read.prices),
        "prices": read.prices,
        "whys": read.whys.found,
        "legend": [look for look in read.looks.values() if look.css in colours],
        "marked": [mark for mark in read.marks.values() if set(mark.icons) & marked],
        "drafting": any(colour.startswith("draft") for colour in colours),
        "periods": choice.open_periods(offer, chosen.centre_id, frame.today()),
        "activities": choice.activities(offer, chosen.child_ids, chosen.centre_id),
        "centres": choice.centres(offer, chosen.child_ids),
        "back": f"{url_for(page)}?{chosen.query()}",
        "states": states.looks(read.language, aggregate=False),
    }


def _asked(*, weekly: bool) -> tuple[OfferAndDraft, Choice, Calendar | None]:
    """Ask for offer, draft and days, in one call where the address says which; None where nothing is open."""
    booking, args = clients.current().booking, request.args.to_dict(flat=False)
    guess = choice.guessed(args, weekly=weekly)
    shown: Calendar | None = None
    if guess is None:
        offer = booking.list_offer_and_draft(session.context())
    else:
        offer, shown = booking.list_planning(session.context(), guess)
    chosen = choice.choose(offer, args, frame.today(), weekly=weekly)
    if not chosen.child_ids or chosen.period is None:
        return offer, chosen, None
    wanted = chosen.asked()
    if shown is None or guess != wanted:
        shown = booking.get_calendar(
            session.context(),
            child_ids=wanted.child_ids,
            from_on=wanted.from_on,
            to_on=wanted.to_on,
            activity_id=wanted.activity_id,
            centre_id=wanted.centre_id,
        )
    return offer, chosen, shown


def _boards(chosen: Choice, offer: OfferAndDraft, shown: Calendar, read: Reader) -> list[Board]:
    if chosen.activity_id is None:
        return boards.of_all_activities(
            chosen, offer, shown, read, lambda child_id: _day_list(chosen, child_id)
        )
    return boards.of_activity(chosen, offer, shown, read)


def _day_list(chosen: Choice, child_id: str) -> str:
    """Return the address of a child's days, to which a day is added."""
    return f"{url_for('.show_day')}?{replace(chosen, week=None).query()}&for={child_id}&day="
