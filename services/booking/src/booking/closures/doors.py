"""Doors of closings: agents close and open days, the service carries it on and tells families.

A door or an import only keeps what was decided; every step after that may be done twice, by whichever copy of
the service comes next (`docs/rules/closures.md`).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from booking.bookings.store import Bookings
from booking.closures import contract, render
from booking.closures.contract import CloseDays, ListClosings, OpenDays
from booking.closures.model import Closing, ClosingAct, ClosingState
from booking.closures.rules import by_family, closing_id_of, days_to_come
from booking.closures.store import Closings
from booking.copies.store import Children
from booking.offer.model import Offer
from booking.offer.store import Offers
from booking.ports import Call
from booking.seats.model import Stamp
from booking.seats.rules import close, pool_id
from booking.seats.rules.opening import offered_days, pools_offered
from booking.seats.store import Seats
from booking.seats.store.deciding import Decisions, Undecided
from chassis.doors.capabilities import may
from chassis.doors.rpc import rpc
from chassis.doors.timers import every
from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.storage import outbox
from chassis.storage.documents import Document
from chassis.values.actor import Actor
from chassis.values.errors import Refused

AT_ONCE = 20
log = get_logger()


@rpc(may("closures.write"), request=contract.CloseDaysRequest(), reply=contract.ClosingReply())
def close_days(call: Call, request: CloseDays) -> Document:
    """Close days: who stands there leaves, is given back what was paid, and is told once.

    Refused: not_found for a centre; conflict when it is not as it was seen, or all days are over.
    """
    offer = call.store(Offers).known(call.scope)
    if request.centre_id is not None and request.centre_id not in offer.centres:
        raise Refused("not_found", "no such centre")
    span = (request.starts_on, request.ends_on)
    wanted = Closing(
        id=closing_id_of(call.scope.organisation_id, request.centre_id, span),
        organisation_id=call.scope.organisation_id,
        centre_id=request.centre_id,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        name=request.name,
        state=ClosingState.CLOSING,
        version=request.version,
        changed_at=call.now(),
        reason=request.reason,
        actor=call.actor.as_document(),
    )
    if _days(wanted, offer) is None:
        raise Refused("conflict", "these days are over")
    return _moved(call, wanted, ClosingAct.CLOSE)


@rpc(may("closures.write"), request=contract.OpenDaysRequest(), reply=contract.ClosingReply())
def open_days(call: Call, request: OpenDays) -> Document:
    """Open the days of a closing again: nobody is booked by itself, queues start empty, avoirs stay.

    Refused: not_found; conflict when it is not as it was seen.
    """
    found = call.store(Closings).find(call.scope, request.closing_id)
    if found is None:
        raise Refused("not_found", "no such closing")
    wanted = replace(
        found,
        state=ClosingState.OPENING,
        version=request.version,
        changed_at=call.now(),
        reason=request.reason,
        actor=call.actor.as_document(),
    )
    return _moved(call, wanted, ClosingAct.OPEN)


@rpc(may("closures.read"), request=contract.ListClosingsRequest(), reply=contract.ClosingList())
def list_closings(call: Call, _request: ListClosings) -> Document:
    """List the days that were closed, and those among them that are open again."""
    return {"data": [render.closing(one) for one in call.store(Closings).all(call.scope)]}


def _moved(call: Call, wanted: Closing, act: ClosingAct) -> Document:
    moved = call.store(Closings).move(call.scope, wanted, act)
    if moved is None:
        raise Refused("conflict", "these days were closed or opened meanwhile, or still are")
    return {"closing": render.closing(moved)}


@every(seconds=1)
def carry_on(call: Call) -> None:
    """Close and open what was decided, day by day, and tell families once all of it is kept."""
    for closing in call.store(Closings).untold(call.now(), AT_ONCE):
        actor = Actor.read(closing.actor) if closing.actor else None
        own = call.acting_for(closing.organisation_id, request_id=call.ids.new_id(), actor=actor)
        try:
            _carry_on(own, closing)
        except Exception:
            log.exception("closing_broken", id=closing.id)


def _carry_on(call: Call, closing: Closing) -> None:
    offers, closings = call.store(Offers), call.store(Closings)
    if closing.state is ClosingState.CLOSING:
        offers.keep_closures(call.scope, [closing.closure])
        if not _close(call, closing, _seats_of(call, closing)):
            return
        closing = closings.finish(call.scope, closing, ClosingAct.HAVE_CLOSED)
    if closing.state is ClosingState.OPENING:
        offers.drop_closure(call.scope, closing.closure)
        _open(call, closing)
        closing = closings.finish(call.scope, closing, ClosingAct.HAVE_OPENED)
    failpoint("booking.closings.before_telling")
    if not call.store(Seats).have_unsent(call.scope, _seats_of(call, closing)):  # the book hears of it first
        _tell(call, closing)
    call.bell.wake()


def _close(call: Call, closing: Closing, seats_ids: Iterable[str]) -> bool:
    """Close the days one by one; False when one of them changes too often to be closed now."""
    stamp = Stamp(call.now(), call.request_id, call.actor.as_document())
    decide, done = partial(close, closing_id=closing.mark, stamp=stamp), True
    for seats_id in seats_ids:
        done &= call.store(Decisions).decide(call.scope, seats_id, decide) is not Undecided.BUSY
        failpoint("booking.closings.after_day")
    return done


def _open(call: Call, closing: Closing) -> None:
    """Open what is offered on the days: another closure that counts for one of them keeps it closed."""
    offer = call.store(Offers).current(call.scope)
    span = _days(closing, offer)
    if span is not None:
        offered = offered_days(offer, span, closing.centre_id)
        stamp = Stamp(call.now(), call.request_id, call.actor.as_document())
        call.store(Seats).open_days(offered, stamp)


def _tell(call: Call, closing: Closing) -> None:
    """Tell each family once."""
    left = call.store(Bookings).left_by(call.scope, closing.mark)
    children = call.store(Children).known(call.scope, {record.facts.child_id for record, _ in left})
    families = by_family(left, {child.id: child.name for child in children.values()})
    rows = [
        outbox.row(
            render.event_of(closing),
            context_or_org=closing.organisation_id,
            aggregate_id=render.telling_id(closing, family_id),
            sequence=closing.version,
            data=render.told(closing, family_id, lines),
            occurred_at=closing.changed_at,
            request_id=call.request_id,
            actor=call.actor,
        )
        for family_id, lines in families.items()
    ]
    call.store(Closings).tell(call.scope, closing, rows)


def _seats_of(call: Call, closing: Closing) -> list[str]:
    offer = call.store(Offers).current(call.scope)
    span, pools = _days(closing, offer), pools_offered(offer, closing.centre_id)
    if span is None or not pools:
        return []
    names = [pool_id(activity.id, centre_id) for activity, centre_id in pools]
    return [day.seats_id for day in call.store(Seats).counters(call.scope, names, span, [])]


def _days(closing: Closing, offer: Offer) -> tuple[date, date] | None:
    """The days of a closing that were still to come when it was decided."""
    zone = ZoneInfo(offer.organisation.time_zone)
    return days_to_come(closing, closing.changed_at.astimezone(zone).date())
