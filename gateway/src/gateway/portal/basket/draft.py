"""Changing the draft from the planning: one day, many days by weekday, or everything at once.

Nothing is recorded here: a draft is only what the family has in mind. What a click means was said by the page
that showed the day; booking checks it again at the review and when it is confirmed.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gateway import clients, policy, session
from gateway.clients.booking import Draft, Movement
from gateway.errors import Refused, Unavailable
from gateway.pages import addresses, frame
from gateway.portal.planning import grid, panel
from gateway.portal.planning.grid import BOOKABLE, CANCELLABLE, Series

blueprint = Blueprint("draft", __name__, template_folder="templates")

TOGGLE: Final = re.compile(r"([bcBC])(\d{1,2})\.(\d{4}-\d{2}-\d{2})")
ACTIONS: Final = {"b": "book", "c": "cancel"}
CALENDAR_DAYS_MAX: Final = 62
BULK_MAX: Final = timedelta(days=366)
SeriesKey = tuple[str, str, str, str]


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
        totals = booking.review(context, draft.id).totals
    except (Refused, Unavailable):
        return "", HTTPStatus.NO_CONTENT
    return render_template("basket/costs.html", totals=totals)


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
    return _changed(one, day, draft)


def _changed(one: Series, day: str, draft: Draft) -> str:
    """Return the panel and the one cell, read anew."""
    booking, context = clients.current().booking, session.context()
    offer = booking.list_offer(context)
    shown = booking.get_calendar(
        context,
        child_ids=[one.child_id],
        from_on=day,
        to_on=day,
        activity_id=one.activity_id,
        centre_id=one.centre_id,
    )
    row = next(row for row in shown["series"] if row["day_part"] == one.day_part)
    read = grid.reader(frame.language(), frame.zone(), frame.today())
    cell = grid.cell(row["days"][0], one, grid.drafted(draft), read, shown["days"][0])
    return render_template(
        "planning/change.html",
        panel=panel.panel(draft, offer),
        cell=cell,
        back=addresses.inside(request.form.get("back", "")),
    )


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
    """Book, cancel or forget the chosen weekdays of every calendar on the page."""
    action = form["bulk"]
    weekdays = {int(text) for text in form.getlist("weekday") if text in set("0123456")}
    first, last = _span(form)
    series = _series(form)
    booking, context = clients.current().booking, session.context()
    if action == "forget":
        keys = {_key_of(one) for one in series}
        chosen = booking.open_draft(context).movements
        _keep(form, remove=[one for one in chosen if _concerned(one, keys, weekdays, first, last)])
        return
    movements: list[Movement] = []
    days = (last - first).days + 1 if series else 0
    for number in range(0, days, CALENDAR_DAYS_MAX):  # never past the last day: the calendar has one
        begin = first + timedelta(days=number)
        until = begin + min(last - begin, timedelta(days=CALENDAR_DAYS_MAX - 1))
        movements += _movements(action, series, weekdays, (begin.isoformat(), until.isoformat()))
    _keep(form, add=movements)


def _key_of(one: Series | Movement) -> SeriesKey:
    return (one.child_id, one.activity_id, one.centre_id, one.day_part)


def _concerned(movement: Movement, keys: set[SeriesKey], weekdays: set[int], first: date, last: date) -> bool:
    on = date.fromisoformat(movement.day)
    return _key_of(movement) in keys and first <= on <= last and on.weekday() in weekdays


def _movements(
    action: str, series: list[Series], weekdays: set[int], span: tuple[str, str]
) -> list[Movement]:
    shown = clients.current().booking.get_calendar(
        session.context(),
        child_ids=list(dict.fromkeys(one.child_id for one in series)),
        from_on=span[0],
        to_on=span[1],
        activity_id=series[0].activity_id,
        centre_id=series[0].centre_id,
    )
    wanted = {_key_of(one): one for one in series}
    states = BOOKABLE if action == "book" else CANCELLABLE
    found: list[Movement] = []
    for row in shown["series"]:
        one = wanted.get((row["child_id"], row["activity_id"], row["centre_id"], row["day_part"]))
        if one is not None:
            found += [
                one.movement("book" if action == "book" else "cancel", day)
                for day in grid.chosen_days(row["days"], weekdays, states)
            ]
    return found


def _span(form: MultiDict[str, str]) -> tuple[date, date]:
    """Return the first and last day that a bulk choice covers; refused malformed when it names none."""
    name = form.get("scope", "shown")
    first, last = form.get(f"{name}_from", ""), form.get(f"{name}_to", "")
    if not (addresses.is_day(first) and addresses.is_day(last)):
        raise Refused("malformed")
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return start, start + min(end - start, BULK_MAX)


def _again(form: MultiDict[str, str], anchor: str = "") -> Response:
    """Return the way back to where the button was."""
    back = addresses.inside(form.get("back", "")) or url_for("portal.planning.show")
    if frame.is_partial():
        return redirect(back, 303)
    return redirect(back + (f"#{anchor}" if anchor else ""), 303)
