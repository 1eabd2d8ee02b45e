"""Changes to seats documents, each one aggregation pipeline, beside ``rules/seats/operations.py``.

The caller's values enter as one ``$literal`` in the first stage (a child whose id starts with "$" is a child
like any other); all stages after it are constants, encoded once when this module is loaded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument
from pymongo import UpdateOne

from booking.model import Entry, First, Gauge, Occasion, Order, Slot, State, Verdict, Withdrawal
from booking.rules.seats import GONE_KEPT
from booking.store.seats import acts
from booking.store.seats.documents import from_entry, from_gauge, from_slot
from booking.store.seats.expressions import Stage
from booking.store.seats.steps import expire, log_and_count, promote

Pipeline = list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One write to one seats document: for a bulk, or alone with ``find_one_and_update``."""

    seats_id: str
    filter: Mapping[str, Any]
    pipeline: Pipeline

    def as_update(self) -> UpdateOne:
        """Give the change as a part of an unordered bulk."""
        return UpdateOne(self.filter, self.pipeline)


def book(organisation_id: str, seats_id: str, order: Order, occasion: Occasion) -> Change:
    """Give a seat, a place in the queue or a place among the requests; or nothing, which is a refusal."""
    values = {
        "entry": from_entry(ordered_entry(order)),
        "decision_mode": order.decision_mode.value,
        "past_deadline_allowed": order.past_deadline_allowed,
    }
    return _change(organisation_id, seats_id, values, occasion, _BOOK)


def cancel(organisation_id: str, seats_id: str, withdrawal: Withdrawal, occasion: Occasion) -> Change:
    """Give a seat back, leave the queue or take a request back, and pass the seat on in the same write."""
    values = {
        "booking_id": withdrawal.booking_id,
        "by_confirmation_id": withdrawal.confirmation_id,
        "by_line": withdrawal.line,
        "on_request": withdrawal.on_request,
        "forced": withdrawal.forced,
    }
    return _change(organisation_id, seats_id, values, occasion, _CANCEL)


def pay(organisation_id: str, seats_id: str, order: Order, occasion: Occasion) -> Change:
    """Turn a held seat into an accepted one, take an expired one again, or log that it is lost."""
    entry = replace(ordered_entry(order), first=First(Verdict.ACCEPTED))
    values = {"entry": from_entry(entry), "booking_id": order.booking_id, "retake": order.retake}
    return _change(organisation_id, seats_id, values, occasion, _PAY)


def grant(organisation_id: str, seats_id: str, booking_id: str, occasion: Occasion) -> Change:
    """Say yes to a request: it gets a seat or joins the queue; with neither it stays a request."""
    return _change(organisation_id, seats_id, {"booking_id": booking_id}, occasion, _GRANT)


def decline(organisation_id: str, seats_id: str, booking_id: str, occasion: Occasion) -> Change:
    """Say no: to a request or to one who waits (refused), or to a cancellation (accepted again)."""
    return _change(organisation_id, seats_id, {"booking_id": booking_id}, occasion, _DECLINE)


def set_capacity(
    organisation_id: str, seats_id: str, gauge: str, maximum: int | None, occasion: Occasion
) -> Change:
    """Change the size of one gauge: lowering never evicts, raising promotes."""
    values = {"gauge": gauge, "max": maximum}
    return _change(organisation_id, seats_id, values, occasion, _SET_CAPACITY)


def reshape(
    organisation_id: str, seats_id: str, shape: tuple[tuple[Gauge, ...], tuple[Slot, ...]], occasion: Occasion
) -> Change:
    """Take new gauges, slots and closing instants; what is not offered any more is shut, nobody evicted."""
    gauges, slots = shape
    values = {"gauges": [from_gauge(g) for g in gauges], "slots": [from_slot(s) for s in slots]}
    return _change(organisation_id, seats_id, values, occasion, _RESHAPE)


def tick(organisation_id: str, seats_id: str, occasion: Occasion) -> Change:
    """Let time pass: overdue holds end and the queue moves up."""
    return _change(organisation_id, seats_id, {}, occasion, _TICK)


def ordered_entry(order: Order) -> Entry:
    """Make the entry that an order asks for, before it is placed."""
    return Entry(
        booking_id=order.booking_id,
        slot=order.slot,
        child_id=order.child_id,
        confirmation_id=order.confirmation_id,
        line=order.line,
        gauges=order.gauges,
        hold_s=order.hold_s,
        promoted_hold_s=order.promoted_hold_s,
        facts=order.facts,
        state=State.ACCEPTED,
    )


def _change(
    organisation_id: str, seats_id: str, values: dict[str, Any], occasion: Occasion, tail: Pipeline
) -> Change:
    now = occasion.now
    values |= {"now": now, "forget_before": now - GONE_KEPT, "request_id": occasion.request_id}
    head: Stage = {"$set": {"_op": {"$literal": values}}}
    return Change(seats_id, {"_id": seats_id, "organisation_id": organisation_id}, [head, *tail])


def _encoded(*parts: Callable[[], list[Stage]]) -> Pipeline:
    """Compose the constant stages of an operation; each is encoded once."""
    stages = [stage for part in parts for stage in part()]
    return [RawBSONDocument(bson.encode(stage)) for stage in stages]


_BOOK = _encoded(expire, promote, acts.book, log_and_count)
_CANCEL = _encoded(expire, acts.cancel, promote, log_and_count)
_PAY = _encoded(expire, promote, acts.pay, log_and_count)
_GRANT = _encoded(expire, promote, acts.grant, log_and_count)
_DECLINE = _encoded(expire, acts.decline, promote, log_and_count)
_SET_CAPACITY = _encoded(expire, acts.set_capacity, promote, log_and_count)
_RESHAPE = _encoded(expire, acts.reshape, promote, log_and_count)
_TICK = _encoded(expire, promote, log_and_count)
