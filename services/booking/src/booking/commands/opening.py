"""Making the seats of every day from the offer.

Opening patterns over the periods, holidays and closures left out.
"""

from datetime import date

from booking.commands.running import Call
from booking.offer.model import Offer
from booking.offer.store import Offers
from booking.seats.model import Stamp
from booking.seats.rules import pool_id
from booking.seats.rules.opening import offered_days, pools_offered
from booking.seats.store import Seats, reshape
from chassis.values.tables import in_batches

DAYS_AT_ONCE = 500


def open_seats(call: Call) -> int:
    """Open what the offer opens, shut what it does not open any more; gives how many days are open."""
    offer, seats = call.store(Offers).read(call.scope), call.store(Seats)
    if offer is None or not offer.periods:
        return 0
    stamp = Stamp(call.now(), call.request_id, call.actor.as_document())
    days = list(offered_days(offer, _span(offer)))
    for batch in in_batches(days, DAYS_AT_ONCE):
        seats.open_days(batch, stamp)
    _shut(call, offer, {day.id for day in days}, stamp)
    return len(days)


def _shut(call: Call, offer: Offer, opened: set[str], stamp: Stamp) -> None:
    """Shut the days that have seats but are not opened any more, such as those of a closure decided since."""
    seats = call.store(Seats)
    pools = [pool_id(activity.id, centre_id) for activity, centre_id in pools_offered(offer)]
    found = seats.counters(call.scope, pools, _span(offer), [])
    seats.apply(
        reshape(call.scope, day.seats_id, (day.gauges, ()), stamp)
        for day in found
        if day.seats_id not in opened and any(slot.open for slot in day.slots)
    )


def _span(offer: Offer) -> tuple[date, date]:
    return min(p.starts_on for p in offer.periods), max(p.ends_on for p in offer.periods)
