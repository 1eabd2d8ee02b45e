"""What nobody asks for.

Holds that ran out, confirmations left alone, settlements that billing did not answer.

Every copy of the service sweeps; each step bears being done twice at once.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from booking.confirmations.doors import confirming, settling
from booking.confirmations.model import Confirmation
from booking.desk import Desk, on_behalf
from booking.seats import store as seats
from booking.seats.model import Occasion
from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger

T = TypeVar("T")

log = get_logger()


def sweep(desk: Desk) -> int:
    """Do everything that is due; gives how much it was."""
    now, most = desk.clock.now(), desk.settings.sweep_batch_max
    overdue = desk.store.seats.overdue(now, desk.store.seats.organisation_ids())
    done = _each(overdue, lambda one: _free(desk, *one))
    done += _each(desk.store.confirmations.unanswered(now, most), lambda one: _answer(desk, one))
    done += _each(desk.store.confirmations.unsettled(now, most), lambda one: settling.settle_again(desk, one))
    if done:
        desk.relay.wake()
    return done


def _free(desk: Desk, organisation_id: str, seats_id: str) -> None:
    """Let holds end and the queue move up, in the one write that does both."""
    desk.store.seats.apply([seats.tick(organisation_id, seats_id, Occasion(desk.clock.now()))])
    failpoint("booking.sweep.after_seats")


def _answer(desk: Desk, left: Confirmation) -> None:
    context, now = on_behalf(left), desk.clock.now()
    until = now + timedelta(seconds=desk.settings.lease_s)
    taken = desk.store.confirmations.take_over(context, left.id, now, until)
    if taken is not None:
        confirming.complete(desk, context, taken)


def _each(found: Iterable[T], work: Callable[[T], None]) -> int:
    """Work on each; one that breaks is logged and does not keep the others waiting."""
    count = 0
    for one in found:
        count += 1
        try:
            work(one)
        except Exception:
            log.exception("sweep_broken", what=type(one).__name__, id=getattr(one, "id", str(one)[:200]))
    return count
