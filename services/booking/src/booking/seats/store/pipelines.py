"""Changes to seats documents, each one aggregation pipeline, beside ``seats/rules/operations.py``.

The caller's values enter as one ``$literal`` in the first stage (a child whose id starts with "$" is a child
like any other); all stages after it are constants, encoded once when this module is loaded.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument
from pymongo import UpdateMany, UpdateOne

from booking.offer.model import Gauge
from booking.seats.model import First, SeatEntry, SeatOrder, Slot, Stamp, Withdrawal
from booking.seats.rules import GONE_KEPT
from booking.seats.store import acts
from booking.seats.store.documents import from_entry, from_gauge, from_slot
from booking.seats.store.expressions import Stage
from booking.seats.store.steps import expire, log_and_count, promote
from booking.vocabulary import BookingState, Verdict
from chassis.storage.documents import Document
from chassis.values.scope import Scope
from chassis.values.tables import in_batches

Pipeline = list[Mapping[str, Any]]
TOGETHER_MAX = 100
"""Documents changed by one statement, each of which looks for its own values among those of all."""


@dataclass(frozen=True, slots=True)
class Change:
    """One write to one seats document: one of many (``together``), or alone with ``find_one_and_update``.

    ``values`` are the caller's, ``stages`` the operation's own.
    """

    organisation_id: str
    seats_id: str
    values: Mapping[str, Any]
    stages: Pipeline

    @property
    def filter(self) -> Document:
        """The document that is changed."""
        return {"_id": self.seats_id, "organisation_id": self.organisation_id}

    @property
    def pipeline(self) -> Pipeline:
        """The change as the pipeline of an update."""
        return [{"$set": {"_op": {"$literal": self.values}}}, *self.stages]


def together(changes: Iterable[Change]) -> Iterator[UpdateOne | UpdateMany]:
    """Give changes as few statements, those of one document in their order.

    One statement changes many documents, each of them by its own atomic write: to parse the stages of an
    operation costs the database more than to run them.
    """
    seen: dict[str, int] = defaultdict(int)
    turns: dict[tuple[int, str, int], list[Change]] = defaultdict(list)
    for change in changes:
        turns[seen[change.seats_id], change.organisation_id, id(change.stages)].append(change)
        seen[change.seats_id] += 1
    for key in sorted(turns, key=lambda key: key[0]):
        for part in in_batches(turns[key], TOGETHER_MAX):
            yield UpdateOne(part[0].filter, part[0].pipeline) if len(part) == 1 else _as_one(part)


def _as_one(changes: Sequence[Change]) -> UpdateMany:
    """Make one statement of the same operation on several documents; each finds its own values by its id."""
    ids = [change.seats_id for change in changes]
    values = [change.values for change in changes]
    # The database makes a table of a constant array, once for each statement.
    own = {"$arrayElemAt": [{"$literal": values}, {"$indexOfArray": [{"$literal": ids}, "$_id"]}]}
    query = {"_id": {"$in": ids}, "organisation_id": changes[0].organisation_id}
    return UpdateMany(query, [{"$set": {"_op": own}}, *changes[0].stages])


def book(scope: Scope, seats_id: str, order: SeatOrder, stamp: Stamp) -> Change:
    """Give a seat, a place in the queue or a place among the requests; or nothing, which is a refusal."""
    values = {
        "entry": from_entry(ordered_entry(order)),
        "facts": order.told(),
        "decision_mode": order.decision_mode.value,
        "past_deadline_allowed": order.past_deadline_allowed,
    }
    return _change(scope, seats_id, values, stamp, _BOOK)


def cancel(scope: Scope, seats_id: str, withdrawal: Withdrawal, stamp: Stamp) -> Change:
    """Give a seat back, leave the queue or take a request back, and pass the seat on in the same write."""
    values = {
        "booking_id": withdrawal.booking_id,
        "by_confirmation_id": withdrawal.confirmation_id,
        "by_line": withdrawal.line,
        "on_request": withdrawal.on_request,
        "forced": withdrawal.forced,
    }
    return _change(scope, seats_id, values, stamp, _CANCEL)


def pay(scope: Scope, seats_id: str, order: SeatOrder, stamp: Stamp) -> Change:
    """Turn a held seat into an accepted one, take an expired one again, or log that it is lost."""
    entry = replace(ordered_entry(order), first=First(Verdict.ACCEPTED))
    values = {
        "entry": from_entry(entry),
        "booking_id": order.booking_id,
        "retake": order.retake,
        "elsewhere": order.elsewhere,
    }
    return _change(scope, seats_id, values, stamp, _PAY)


def reshape(
    scope: Scope, seats_id: str, shape: tuple[tuple[Gauge, ...], tuple[Slot, ...]], stamp: Stamp
) -> Change:
    """Take new gauges, slots and closing instants; what is not offered any more is shut, nobody evicted."""
    gauges, slots = shape
    values = {"gauges": [from_gauge(g) for g in gauges], "slots": [from_slot(s) for s in slots]}
    return _change(scope, seats_id, values, stamp, _RESHAPE)


def tick(scope: Scope, seats_id: str, stamp: Stamp) -> Change:
    """Let time pass: overdue holds end and the queue moves up."""
    return _change(scope, seats_id, {}, stamp, _TICK)


def ordered_entry(order: SeatOrder) -> SeatEntry:
    """The entry that an order asks for, before it is placed."""
    return SeatEntry(
        booking_id=order.booking_id,
        slot=order.slot,
        child_id=order.child_id,
        confirmation_id=order.confirmation_id,
        line=order.line,
        family_id=order.family_id,
        gauges=order.gauges,
        hold_s=order.hold_s,
        promoted_hold_s=order.promoted_hold_s,
        state=BookingState.ACCEPTED,
    )


def _change(scope: Scope, seats_id: str, values: Document, stamp: Stamp, stages: Pipeline) -> Change:
    now = stamp.now
    values |= {"now": now, "forget_before": now - GONE_KEPT, "request_id": stamp.request_id}
    if stamp.actor is not None:
        values["actor"] = stamp.actor
    return Change(scope.organisation_id, seats_id, values, stages)


def _encoded(*parts: Callable[[], list[Stage]]) -> Pipeline:
    """Compose the constant stages of an operation; each is encoded once."""
    stages = [stage for part in parts for stage in part()]
    return [RawBSONDocument(bson.encode(stage)) for stage in stages]


_BOOK = _encoded(expire, promote, acts.book, log_and_count)
_CANCEL = _encoded(expire, acts.cancel, promote, log_and_count)
_PAY = _encoded(expire, promote, acts.pay, log_and_count)
_RESHAPE = _encoded(expire, acts.reshape, promote, log_and_count)
_TICK = _encoded(expire, promote, log_and_count)
