"""The planning: choose children, centre, period, activity; see a month or a week; open one day's list."""

from flask import Blueprint, render_template, request, url_for

from gateway import clients, policy, session
from gateway.clients.booking import Calendar, OfferAndDraft
from gateway.errors import Refused
from gateway.pages import addresses, frame, labels
from gateway.portal.planning import boards, cells, choice, grid, panel
from gateway.portal.planning.boards import Board
from gateway.portal.planning.choice import Choice

blueprint = Blueprint("planning", __name__, template_folder="templates")
blueprint.add_app_template_global(cells.cell, "draw")


@blueprint.get("/planning")
@policy.family
def show() -> str:
    """Show the planning, or for htmx the part of it that changes: offer, calendar and draft side by side."""
    offer, chosen = _offer_and_choice()
    shown = _calendar(chosen) if chosen.child_ids and chosen.period else None
    found = _boards(chosen, offer, shown) if shown else []
    return render_template(
        "planning/view.html" if frame.is_partial() else "planning/planning.html",
        choice=chosen,
        offer=offer,
        boards=found,
        series=[board.series for board in found if board.series],
        notes=boards.notes_of(shown) if shown else {},
        panel=panel.panel(offer.draft, offer),
        looks=labels.looks(frame.language(), aggregate=chosen.activity_id is None),
        marks=labels.marks(frame.language()),
        periods=choice.open_periods(offer, chosen.centre_id, frame.today()),
        groups=choice.by_group(choice.activities(offer, chosen.child_ids, chosen.centre_id)),
        months=choice.months(chosen.period, frame.today()),
        mondays=choice.mondays(chosen.month, chosen.period),
        back=url_for("portal.planning.show") + "?" + chosen.query(),
    )


@blueprint.get("/planning/day")
@policy.family
def show_day() -> str:
    """Show all activities of one child's day, each to book or to cancel.

    Refused not_found for a child or a day that isn't there.
    """
    offer, chosen = _offer_and_choice()
    child = next((child for child in offer.children if child.id == request.args.get("for")), None)
    day = request.args.get("day", "")
    if child is None or not addresses.is_day(day):
        raise Refused("not_found")
    answer = clients.current().booking.get_day(session.context(), child.id, day, chosen.centre_id)
    read = grid.reader(frame.language(), frame.zone(), frame.today())
    return render_template(
        "planning/day.html",
        choice=chosen,
        child=child,
        day=day,
        rows=boards.day_rows(answer["activities"], child.id, offer, read),
        panel=panel.panel(offer.draft, offer),
        looks=labels.looks(frame.language(), aggregate=False),
        marks=labels.marks(frame.language()),
        up=url_for("portal.planning.show") + "?" + chosen.query(),
        back=_day_list(chosen, child.id) + day,
    )


def _offer_and_choice() -> tuple[OfferAndDraft, Choice]:
    """Ask for the offer and the draft, and hold the address against the offer."""
    offer = clients.current().booking.list_offer_and_draft(session.context())
    return offer, choice.choose(offer, request.args.to_dict(flat=False), frame.today())


def _calendar(chosen: Choice) -> Calendar:
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


def _boards(chosen: Choice, offer: OfferAndDraft, shown: Calendar) -> list[Board]:
    aggregate = chosen.activity_id is None
    read = grid.reader(frame.language(), frame.zone(), frame.today(), aggregate=aggregate)
    if aggregate:
        return boards.of_all_activities(
            chosen, offer, shown, read, lambda child_id: _day_list(chosen, child_id)
        )
    return boards.of_activity(chosen, offer, shown, read)


def _day_list(chosen: Choice, child_id: str) -> str:
    """Return the address of a child's days, to which a day is added."""
    return f"{url_for('portal.planning.show_day')}?{chosen.query()}&for={child_id}&day="
