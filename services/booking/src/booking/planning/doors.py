"""Doors that show: the offer, the calendar, one day.

They read counters and one's own places, never whole days.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from booking.copies.model import Child
from booking.desk import Desk, organisation_of
from booking.labels import day_text
from booking.offer.model import Activity, ClosureKind, Offer, PartOfDay
from booking.offer.render import offer as written_offer
from booking.offer.rules.attending import refusal
from booking.offer.rules.offering import closure_name, days_between, is_limited, is_open, may_attend, slots_of
from booking.offer.rules.openings import period_of
from booking.planning import render
from booking.planning.model import Cell
from booking.planning.rules import aggregate, cell, chance
from booking.seats.model import Counters
from booking.seats.rules import pool_id, slot_id
from booking.vocabulary import Reason
from chassis.values.context import Context
from chassis.values.errors import Refused

Seen = Mapping[tuple[str, date], Counters]
Place = tuple[Activity, str, PartOfDay]
NOT_FOR_THIS_CHILD = frozenset({Reason.AGE, Reason.NOT_ENROLLED})


def list_offer(desk: Desk, context: Context) -> dict[str, Any]:
    """Show what the family may choose from today."""
    offer, children = desk.offer(context), desk.store.children.of_family(context)
    now = desk.clock.now()
    today = now.astimezone(ZoneInfo(offer.organisation.time_zone)).date()
    return written_offer(
        offer,
        [(child, may_attend(child, offer, today)) for child in children],
        {activity.id: is_limited(activity) for activity in offer.activities.values()},
        [period.id for period in offer.periods if is_open(period, now)],
    )


def get_calendar(desk: Desk, context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show a span of days of some of the family's children.

    One activity's cells, or all and what they come to.
    """
    offer, children = desk.offer(context), own_children(desk, context, request["child_ids"])
    first, last, activity_id = request["from_on"], request["to_on"], request["activity_id"]
    if activity_id is not None and activity_id not in offer.activities:
        raise Refused("not_found", "no such activity")
    chosen = sorted(offer.activities) if activity_id is None else [activity_id]
    places = list(slots_of(offer, chosen, request["centre_id"]))
    seen = _counters(desk, context, places, (first, last), children)
    days, now = list(days_between(first, last)), desk.clock.now()
    rows = [
        (child, place, [(day, _cell(offer, child, place, day, (seen, now))) for day in days])
        for child in children.values()
        for place in places
        if activity_id is not None or _concerns(child, place, days, seen)
    ]
    aggregates = [] if activity_id is not None else _aggregates(children.values(), rows, days)
    return {
        "from_on": day_text(first),
        "to_on": day_text(last),
        "days": [_kind_of_day(offer, day, request["centre_id"]) for day in days],
        "series": [_series(child, place, cells) for child, place, cells in rows],
        "aggregates": aggregates,
    }


def get_day(desk: Desk, context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show the activities that one child may attend on one day, each as its cell."""
    offer, day = desk.offer(context), request["day"]
    children = own_children(desk, context, [request["child_id"]])
    child = children[request["child_id"]]
    places = list(slots_of(offer, sorted(offer.activities), request["centre_id"]))
    seen, now = _counters(desk, context, places, (day, day), children), desk.clock.now()
    shown = [
        (place, _cell(offer, child, place, day, (seen, now)))
        for place in places
        if (pool_id(place[0].id, place[1]), day) in seen and _concerns(child, place, [day], seen)
    ]
    shown.sort(key=lambda pair: (pair[0][2].arrives, pair[0][0].name))
    return {
        "day": day_text(day),
        "activities": [
            {
                "activity_id": activity.id,
                "activity_name": activity.name,
                "centre_id": centre_id,
                "day_part": part.day_part.value,
                "arrives_at": part.arrives.isoformat("minutes"),
                "leaves_at": part.leaves.isoformat("minutes"),
                "cell": render.calendar_cell(day, one),
            }
            for (activity, centre_id, part), one in shown
        ],
    }


def own_children(desk: Desk, context: Context, child_ids: Iterable[str]) -> dict[str, Child]:
    """Find the family's children of these ids.

    Anybody else's child is as absent as one that does not exist. A second old at most: a confirmation looks
    again.
    """
    wanted = list(dict.fromkeys(child_ids))
    found = {child.id: child for child in desk.store.children.of_family(context)}
    if not found.keys() >= set(wanted):
        raise Refused("not_found", "no such child")
    return {child_id: found[child_id] for child_id in wanted}


def _counters(
    desk: Desk,
    context: Context,
    places: Iterable[Place],
    span: tuple[date, date],
    children: Mapping[str, Child],
) -> Seen:
    pools = sorted({pool_id(activity.id, centre_id) for activity, centre_id, _ in places})
    found = desk.store.seats.counters(
        organisation_of(context), pools, span, list(children), context.family_id
    )
    return {(counters.pool_id, counters.day): counters for counters in found}


def _concerns(child: Child, place: Place, days: Iterable[date], seen: Seen) -> bool:
    """Tell whether an activity is one of the child's: it may attend it on a day, or stands there already."""
    activity, centre_id, part = place
    own = (slot_id(activity.id, centre_id, part.day_part), child.id)
    pool = pool_id(activity.id, centre_id)
    return any(
        refusal(activity, child, day) not in NOT_FOR_THIS_CHILD
        or ((pool, day) in seen and own in seen[pool, day].places)
        for day in days
    )


def _cell(offer: Offer, child: Child, place: Place, day: date, sight: tuple[Seen, datetime]) -> Cell:
    (activity, centre_id, part), (seen, now) = place, sight
    counters = seen.get((pool_id(activity.id, centre_id), day))
    expected = chance(activity, child, period_of(offer.periods, centre_id, day), day, now)
    if counters is None:
        return cell(None, (), None, expected, now)
    wanted = slot_id(activity.id, centre_id, part.day_part)
    slot = next((slot for slot in counters.slots if slot.id == wanted), None)
    return cell(slot, counters.gauges, counters.places.get((wanted, child.id)), expected, now)


def _series(child: Child, place: Place, cells: Iterable[tuple[date, Cell]]) -> dict[str, Any]:
    activity, centre_id, part = place
    return {
        "child_id": child.id,
        "activity_id": activity.id,
        "centre_id": centre_id,
        "day_part": part.day_part.value,
        "days": [render.calendar_cell(day, one) for day, one in cells],
    }


def _aggregates(
    children: Iterable[Child],
    rows: Iterable[tuple[Child, Place, list[tuple[date, Cell]]]],
    days: Iterable[date],
) -> list[dict[str, Any]]:
    by_day: dict[tuple[str, date], list[Cell]] = {}
    for child, _, cells in rows:
        for day, one in cells:
            by_day.setdefault((child.id, day), []).append(one)
    return [
        {
            "child_id": child.id,
            "days": [
                {"day": day_text(day), "state": aggregate(by_day.get((child.id, day), ())).value}
                for day in days
            ],
        }
        for child in children
    ]


def _kind_of_day(offer: Offer, day: date, centre_id: str | None) -> dict[str, Any]:
    return render.calendar_day(
        day,
        offer.holidays.get(day),
        closure_name(offer, day, ClosureKind.CLOSURE, centre_id),
        closure_name(offer, day, ClosureKind.SCHOOL_HOLIDAY, centre_id),
    )
