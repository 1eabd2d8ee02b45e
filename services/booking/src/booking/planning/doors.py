"""Doors of the planning: the calendar of some children, and one day of one child.

They read counters and one's own places, never whole days.
"""

from booking.copies.store import Children
from booking.offer.rules.offering import slots_of
from booking.offer.store import Offers
from booking.planning import contract, render, rules
from booking.planning.contract import GetCalendar, GetDay
from booking.planning.rules import PlanningInput, by_pool_and_day, cell_of, concerns, has_seats, pools_of
from booking.ports import Call
from booking.seats.store import Seats
from chassis.doors.capabilities import own_family
from chassis.doors.rpc import rpc
from chassis.storage.documents import Document
from chassis.values.collation import alphabetical
from chassis.values.errors import Refused


@rpc(own_family(), request=contract.GetCalendarRequest(), reply=contract.Calendar())
def get_calendar(call: Call, request: GetCalendar) -> Document:
    """Show a span of days of some of the family's children.

    One activity's cells, or all and what they come to. Refused: not_found for a child or an activity.
    """
    offer = call.store(Offers).known(call.scope)
    children = call.store(Children).own(call.scope, request.child_ids)
    slots = rules.chosen_slots(offer, request.activity_id, request.centre_id, alphabetical)
    if slots is None:
        raise Refused("not_found", "no such activity")
    span, one_alone = (request.from_on, request.to_on), request.activity_id is not None
    found = call.store(Seats).counters(call.scope, pools_of(slots), span, list(children))
    seen = PlanningInput(offer, by_pool_and_day(found), call.now())
    series = rules.series_of(seen, children.values(), slots, span, one_alone=one_alone)
    return render.planning(offer, children.values(), span, series, request.centre_id, one_alone=one_alone)


@rpc(own_family(), request=contract.GetDayRequest(), reply=contract.Day())
def get_day(call: Call, request: GetDay) -> Document:
    """Show the activities that one child may attend on one day, each as its cell. Refused: not_found."""
    offer, day = call.store(Offers).known(call.scope), request.day
    (child,) = call.store(Children).own(call.scope, [request.child_id]).values()
    slots = list(slots_of(offer, sorted(offer.activities), request.centre_id))
    found = call.store(Seats).counters(call.scope, pools_of(slots), (day, day), [child.id])
    seen = PlanningInput(offer, by_pool_and_day(found), call.now())
    shown = [
        (slot, cell_of(seen, child, slot, day))
        for slot in slots
        if has_seats(seen, slot, day) and concerns(seen, child, slot, [day])
    ]
    shown.sort(key=lambda pair: (pair[0].part.arrives, alphabetical(pair[0].activity.name)))
    return render.day(day, shown)
