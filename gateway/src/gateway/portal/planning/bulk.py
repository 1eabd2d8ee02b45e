"""Many days at once: for whom, of what, on which weekdays, until when; and what that comes to.

Nothing is chosen here: the page counts, and the draft takes what was counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from gateway import clients, policy, session
from gateway.clients.booking import CalendarSeries, Draft, Movement, OfferAndDraft
from gateway.errors import Refused
from gateway.pages import addresses, frame
from gateway.portal.planning import choice, grid, prices
from gateway.portal.planning.grid import Series
from gateway.portal.planning.prices import Prices

blueprint = Blueprint("bulk", __name__, template_folder="templates")

CALENDAR_DAYS_MAX: Final = 62
SPAN_MAX: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Asked:
    """The days that a family means: both ends included, weekdays from 0 for Monday."""

    child_ids: tuple[str, ...]
    activity_id: str
    centre_id: str | None
    day_part: str
    weekdays: frozenset[int]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Count:
    """What the days come to, by what they are.

    `cents` is what the free ones cost, None where a price is not known; `parts` are the parts of the day to
    choose from, where there are several.
    """

    free: tuple[Movement, ...]
    waiting: tuple[Movement, ...]
    booked: tuple[Movement, ...]
    full: int
    cents: int | None
    parts: tuple[str, ...]


@blueprint.get("/planning/bulk")
@policy.family
def show() -> str:
    """Say what many days at once come to, as a page of its own or, for htmx, within the sheet."""
    offer = clients.current().booking.list_offer_and_draft(session.context())
    chosen = choice.choose(offer, request.args.to_dict(flat=False), frame.today())
    activities = choice.activities(offer, chosen.child_ids, chosen.centre_id)
    asked = read(request.args, offer)
    counted = count(asked) if asked else None
    return render_template(
        "planning/bulk_count.html" if frame.is_partial() else "planning/bulk_page.html",
        offer=offer,
        choice=chosen,
        activities=activities,
        asked=asked,
        counted=counted,
        chosen_count=len(concerned(asked, offer.draft)) if asked else 0,
        draft_id=offer.draft.id,
        back=addresses.inside(request.args.get("back", "")),
    )


def read(form: MultiDict[str, str], offer: OfferAndDraft) -> Asked | None:
    """Return what a form means, None where it names no child, no activity or no day of the week.

    Refused malformed for days that are none.
    """
    known = {child.id for child in offer.children}
    child_ids = tuple(child_id for child_id in dict.fromkeys(form.getlist("child")) if child_id in known)
    activity_id = form.get("activity", "")
    weekdays = frozenset(int(text) for text in form.getlist("weekday") if text in set("0123456"))
    if not child_ids or not weekdays or activity_id not in {row.id for row in offer.activities}:
        return None
    first, last = (
        addresses.day_of(form.get("from", "")),
        addresses.day_of(form.get(f"end_{form.get('until', '')}", "")),
    )
    if first is None or last is None:
        raise Refused("malformed")
    first = max(first, frame.today())
    return Asked(
        child_ids[: choice.CHILDREN_MAX],
        activity_id,
        form.get("centre") or None,
        form.get("part", ""),
        weekdays,
        first,
        first + min(max(last - first, timedelta()), SPAN_MAX),
    )


def count(asked: Asked) -> Count:
    """Ask booking for the days and count them."""
    return counted(asked, list(_series(asked)), prices.known())


def counted(asked: Asked, found: Sequence[CalendarSeries], known: Prices) -> Count:
    """Return what days come to; of several parts of the day the one asked for is meant, or the first."""
    parts = tuple(dict.fromkeys(row["day_part"] for row in found))
    meant = asked.day_part if asked.day_part in parts else next(iter(parts), "")
    by_state: dict[str, list[Movement]] = {}
    for row in found:
        if row["day_part"] != meant:
            continue
        one = Series(0, row["child_id"], row["activity_id"], row["centre_id"], row["day_part"])
        for state in ("open", "waiting_open", "booked", "waitlisted", "full"):
            action = "cancel" if state in grid.CANCELLABLE else "book"
            days = grid.chosen_days(row["days"], set(asked.weekdays), {state})
            by_state.setdefault(state, []).extend(one.movement(action, day) for day in days)
    free = tuple(by_state.get("open", ()))
    costs = [known.on(one.activity_id, one.day) for one in free]
    told = [cents for cents in costs if cents is not None]
    return Count(
        free,
        tuple(by_state.get("waiting_open", ())),
        (*by_state.get("booked", ()), *by_state.get("waitlisted", ())),
        len(by_state.get("full", ())),
        sum(told) if len(told) == len(costs) else None,
        parts if len(parts) > 1 else (),
    )


def concerned(asked: Asked, draft: Draft) -> list[Movement]:
    """Return what of a draft stands on these days, to be taken out of it."""
    return [
        one
        for one in draft.movements
        if one.child_id in asked.child_ids
        and one.activity_id == asked.activity_id
        and asked.first <= (on := date.fromisoformat(one.day)) <= asked.last
        and on.weekday() in asked.weekdays
    ]


def _series(asked: Asked) -> Iterable[CalendarSeries]:
    booking, context = clients.current().booking, session.context()
    begin = asked.first
    while True:
        until = begin + min(asked.last - begin, timedelta(days=CALENDAR_DAYS_MAX - 1))
        shown = booking.get_calendar(
            context,
            child_ids=asked.child_ids,
            from_on=begin.isoformat(),
            to_on=until.isoformat(),
            activity_id=asked.activity_id,
            centre_id=asked.centre_id,
        )
        yield from shown["series"]
        if until == asked.last:  # never past it: the calendar has a last day
            return
        begin = until + timedelta(days=1)
