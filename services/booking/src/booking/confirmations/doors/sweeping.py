"""What nobody asks for: holds that ran out, confirmations left alone, settlements without an answer.

Every copy of the service sweeps; each step bears being done twice at once. A sweep looks ahead, so that what
has an instant is done at that instant; what comes to be due between two sweeps wakes the timer itself.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from booking.confirmations.doors.confirming import complete
from booking.confirmations.doors.settling import continued, settle_again
from booking.confirmations.model import Confirmation
from booking.confirmations.store import Confirmations
from booking.ports import Call
from booking.seats.model import Stamp
from booking.seats.store import Seats, tick
from booking.settings import settings
from chassis.doors.timers import every
from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.storage.outage import what_is_away
from chassis.values.scope import Scope

T = TypeVar("T")

SWEEP_S = 5.0
MORE = timedelta(seconds=0.5)
"""After a sweep that found work there may be more of it, or the same again."""

log = get_logger()


@every(seconds=SWEEP_S)
def sweep(call: Call) -> timedelta | None:
    """Do everything that is due, and say within which time more will be."""
    now, most = call.now(), settings().sweep_batch_max
    seats, confirmations = call.store(Seats), call.store(Confirmations)
    organisation_ids = seats.organisation_ids()
    done = _each(seats.overdue(now, organisation_ids), lambda one: _free(call, *one))
    done += _each(confirmations.unanswered(now, most), lambda one: _answer(call, one))
    done += _each(confirmations.unsettled(now, most), lambda one: settle_again(continued(call, one), one))
    if done:
        call.bell.wake()
        return MORE
    return _until(now, seats.next_expiry(now, organisation_ids), confirmations.next_due(now))


def _until(now: datetime, *due: datetime | None) -> timedelta | None:
    return min((at - now for at in due if at), default=None)


def _free(call: Call, organisation_id: str, seats_id: str) -> None:
    """Let holds end and the queue move up, in the one write that does both."""
    call.store(Seats).apply([tick(Scope(organisation_id), seats_id, Stamp(call.now()))])
    failpoint("booking.sweep.after_seats")


def _answer(call: Call, left: Confirmation) -> None:
    own, now = continued(call, left), call.now()
    until = now + timedelta(seconds=settings().lease_s)
    taken = call.store(Confirmations).take_over(own.scope, left.id, now, until)
    if taken is not None:
        complete(own, taken)


def _each(found: Iterable[T], work: Callable[[T], None]) -> int:
    """Work on each; one that breaks is logged and does not keep the others waiting. An outage ends all."""
    count = 0
    for one in found:
        count += 1
        try:
            work(one)
        except Exception as error:
            if what_is_away(error):
                raise
            log.exception("sweep_broken", what=type(one).__name__, id=getattr(one, "id", str(one)[:200]))
    return count
