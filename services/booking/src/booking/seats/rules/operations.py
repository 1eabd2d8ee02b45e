"""The operations on a seats document: each composed of ``expire``, ``promote``, an act, and a count.

They are the oracle of the MongoDB pipelines in ``seats/store``, which are composed in the same way.
"""

from collections.abc import Callable
from dataclasses import replace

from booking.offer.model import Gauge
from booking.seats.model import SeatOrder, SeatsDocument, Slot, Stamp, Withdrawal
from booking.seats.rules import acts
from booking.seats.rules.steps import count, expire, promote

Step = Callable[[SeatsDocument, Stamp], SeatsDocument]


def book(document: SeatsDocument, order: SeatOrder, stamp: Stamp) -> SeatsDocument:
    """Give a seat, a place in the queue or a place among the requests; or nothing, which is a refusal."""
    return _run(document, stamp, expire, promote, lambda d, o: acts.book(d, order, o))


def cancel(document: SeatsDocument, withdrawal: Withdrawal, stamp: Stamp) -> SeatsDocument:
    """Give a seat back, leave the queue or take a request back, and pass the seat on in the same write."""
    return _run(document, stamp, expire, lambda d, o: acts.cancel(d, withdrawal, o), promote)


def pay(document: SeatsDocument, order: SeatOrder, stamp: Stamp) -> SeatsDocument:
    """Turn a held seat into an accepted one, take an expired one again, or log that it is lost."""
    return _run(document, stamp, expire, promote, lambda d, o: acts.pay(d, order, o))


def grant(document: SeatsDocument, booking_id: str, stamp: Stamp) -> SeatsDocument:
    """Say yes to a request: it gets a seat or joins the queue; with neither it stays a request."""
    return _run(document, stamp, expire, promote, lambda d, o: acts.grant(d, booking_id, o))


def decline(document: SeatsDocument, booking_id: str, stamp: Stamp) -> SeatsDocument:
    """Say no: to a request or to one who waits (refused), or to a cancellation (accepted again)."""
    return _run(document, stamp, expire, lambda d, o: acts.decline(d, booking_id, o), promote)


def close(document: SeatsDocument, closing_id: str, stamp: Stamp) -> SeatsDocument:
    """Shut a day on which nobody may come: everybody leaves, whatever the deadlines."""
    return _run(document, stamp, expire, lambda d, o: acts.close(d, closing_id, o))


def set_capacity(document: SeatsDocument, gauge: str, maximum: int | None, stamp: Stamp) -> SeatsDocument:
    """Change the size of one gauge: lowering never evicts, raising promotes."""

    def act(current: SeatsDocument, _stamp: Stamp) -> SeatsDocument:
        gauges = (replace(g, max=maximum) if g.name == gauge else g for g in current.gauges)
        return replace(current, gauges=tuple(gauges))

    return _run(document, stamp, expire, act, promote)


def reshape(
    document: SeatsDocument, gauges: tuple[Gauge, ...], slots: tuple[Slot, ...], stamp: Stamp
) -> SeatsDocument:
    """Take new gauges, slots and closing instants; what is not offered any more is shut, nobody evicted."""

    def act(current: SeatsDocument, _stamp: Stamp) -> SeatsDocument:
        names, ids = {gauge.name for gauge in gauges}, {slot.id for slot in slots}
        kept = tuple(gauge for gauge in current.gauges if gauge.name not in names)
        shut = tuple(replace(slot, open=False) for slot in current.slots if slot.id not in ids)
        return replace(current, gauges=gauges + kept, slots=slots + shut)

    return _run(document, stamp, expire, act, promote)


def tick(document: SeatsDocument, stamp: Stamp) -> SeatsDocument:
    """Let time pass: overdue holds end and the queue moves up."""
    return _run(document, stamp, expire, promote)


def _run(document: SeatsDocument, stamp: Stamp, *steps: Step) -> SeatsDocument:
    """Take the steps, then count; every transition is told: without an event only the shape can differ."""
    after = document
    for step in steps:
        after = step(after, stamp)
    changed = after.event_seq != document.event_seq or _shape(after) != _shape(document)
    return count(replace(after, version=document.version + changed))


def _shape(document: SeatsDocument) -> tuple[tuple[Gauge, ...], tuple[Slot, ...]]:
    """Gauges and slots without what is counted in them."""
    gauges = tuple(replace(gauge, taken=0) for gauge in document.gauges)
    return gauges, tuple(replace(slot, waiting=0) for slot in document.slots)
