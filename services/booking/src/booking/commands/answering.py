"""Answering requests by a rule, for organisations whose agents do not answer them one by one."""

from collections import Counter
from functools import partial
from zoneinfo import ZoneInfo

from booking.commands.running import Call
from booking.offer.store import Offers
from booking.seats.model import Stamp
from booking.seats.rules import answer_all, answers_given, pool_id
from booking.seats.rules.opening import pools_offered
from booking.seats.store.deciding import Decisions, Undecided
from booking.vocabulary import BookingState


def answer_requests(call: Call, refused_on: frozenset[int]) -> Counter[BookingState]:
    """Answer what is asked of staff for today and all days to come; gives how many stand how now.

    `refused_on` are ISO weekdays of which everything is refused. A day that changes too often to be decided
    now is left for the next time.
    """
    offer, decisions = call.store(Offers).read(call.scope), call.store(Decisions)
    given: Counter[BookingState] = Counter()
    if offer is None or not offer.periods:
        return given
    today = call.now().astimezone(ZoneInfo(offer.organisation.time_zone)).date()
    span = today, max(today, *(period.ends_on for period in offer.periods))
    pools = [pool_id(activity.id, centre_id) for activity, centre_id in pools_offered(offer)]
    stamp = Stamp(call.now(), call.request_id, call.actor.as_document())
    for day in decisions.asked(call.scope, pools, span):
        refuses = day.day.isoweekday() in refused_on
        after = decisions.decide(call.scope, day.id, partial(answer_all, stamp=stamp, refuses=refuses))
        if not isinstance(after, Undecided):
            given += answers_given(day, after)
    return given
