"""Changing the draft: one day, many days by weekday, one line back, or everything at once.

Nothing is recorded here: a draft is only what the family has in mind. What a click means was said by the page
that showed the day; booking checks it again at the review and when it is confirmed.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gateway import clients, policy, session
from gateway.clients.booking import CalendarAsked, Draft, Movement
from gateway.errors import Refused, Unavailable
from gateway.pages import addresses, frame
from gateway.pages.links import url_for
from gateway.portal.basket import account
from gateway.portal.planning import bulk, cells, grid, panel, views
from gateway.portal.planning.grid import Cell, Series

blueprint = Blueprint("draft", __name__, template_folder="templates")

TOGGLE: Final = re.compile(r"([bcBC])(\d{1,3})\.(\d{4}-\d{2}-\d{2})")
ACTIONS: Final = {"b": "book", "c": "cancel"}


@blueprint.post("/planning/draft")
@policy.family
def change() -> Response | str:
    """Do what the pressed button says, and show the page again where it was."""
    form = request.form
    if form.get("toggle"):
        return _toggle(form)
    if form.get("undo"):
        line = panel.movement(form["undo"])
        _keep(form, remove=[line] if line else [])
    elif form.get("bulk"):
        _bulk(form)
    elif form.get("clear"):
        clients.current().booking.clear_draft(session.context(), form.get("draft", ""))
    return _again(form)


@blueprint.get("/planning/costs")
@policy.family
def costs() -> str | tuple[str, int]:
    """Say what the draft would cost, when the person has stopped choosing for a moment.

    A courtesy: the review says it too. When the draft changed meanwhile, or nobody can say, nothing is shown.
    """
    booking, context = clients.current().booking, session.context()
    try:
        draft = booking.open_draft(context)
        if not draft.movements:
            return ""
        sums = account.account(booking.review(context, draft.id))
    except (Refused, Unavailable):
        return "", HTTPStatus.NO_CONTENT
    return render_template("basket/costs.html", rows=account.rows(sums), amount=sums.due)


def _toggle(form: MultiDict[str, str]) -> Response | str:
    pressed = TOGGLE.fullmatch(form["toggle"])
    series = _series(form)
    if pressed is None or int(pressed[2]) >= len(series) or not addresses.is_day(pressed[3]):
        raise Refused("malformed")
    letter, one, day = pressed[1], series[int(pressed[2])], pressed[3]
    movement = one.movement(ACTIONS[letter.lower()], day)
    draft = _keep(form, remove=[movement]) if letter.isupper() else _keep(form, add=[movement])
    if not frame.is_partial():
        return _again(form, anchor=f"d{one.number}-{day}")
    return _changed(form, one, day, draft)


def _changed(form: MultiDict[str, str], one: Series, day: str, draft: Draft) -> str:
    """Return the panel, the bar and the one cell, read anew."""
    asked = CalendarAsked((one.child_id,), day, day, one.activity_id, one.centre_id)
    offer, shown = clients.current().booking.list_planning(session.context(), asked)
    if shown is None:
        raise Refused("not_found")
    row = next(row for row in shown["series"] if row["day_part"] == one.day_part)
    read = views.reader()
    names = {row.id: row.name for row in offer.activities}
    who = "" if form.get("shape") != "slot" else names.get(one.activity_id, "")
    fresh = grid.cell(row["days"][0], one, grid.drafted(draft), read, shown["days"][0], who=who)
    cell = replace(fresh, why="")  # the page has the sheets of the days as they were
    return render_template(
        "planning/change.html",
        panel=panel.panel(draft, offer, read.prices),
        cell=cell,
        drawn=_drawn(form, cell),
        back=addresses.inside(form.get("back", "")),
    )


def _drawn(form: MultiDict[str, str], cell: Cell) -> Markup:
    """Return the cell in the shape that the page has it: a day of a month, or a line of a week or a day."""
    return (cells.slot if form.get("shape") == "slot" else cells.day)(cell, swap=True)


def _series(form: MultiDict[str, str]) -> list[Series]:
    found = [Series.decoded(number, text) for number, text in enumerate(form.getlist("series"))]
    return [series for series in found if series is not None]


def _keep(form: MultiDict[str, str], add: Sequence[Movement] = (), remove: Sequence[Movement] = ()) -> Draft:
    """Return the draft, changed; one that was confirmed or abandoned elsewhere gives way to the open one."""
    booking, context = clients.current().booking, session.context()
    draft_id = form.get("draft", "")
    try:
        return booking.change_draft(context, draft_id, add=add, remove=remove).draft
    except Refused as refusal:
        if refusal.code != "not_found":
            raise
        draft_id = booking.open_draft(context).id
        return booking.change_draft(context, draft_id, add=add, remove=remove).draft


def _bulk(form: MultiDict[str, str]) -> None:
    """Book or cancel the days that were counted; days with only a waiting list where that was ticked."""
    offer = clients.current().booking.list_offer_and_draft(session.context())
    asked = bulk.read(form, offer)
    if asked is None:
        return
    if form["bulk"] == "forget":
        _keep(form, remove=bulk.concerned(asked, offer.draft))
        return
    found = bulk.count(asked)
    if form["bulk"] == "cancel":
        _keep(form, add=found.booked)
    else:
        _keep(form, add=found.free + (found.waiting if form.get("waiting") else ()))


def _again(form: MultiDict[str, str], anchor: str = "") -> Response:
    """Return the way back to where the button was."""
    back = addresses.inside(form.get("back", "")) or url_for("portal.planning.show")
    if frame.is_partial():
        return redirect(back, 303)
    return redirect(back + (f"#{anchor}" if anchor else ""), 303)
