"""What a payment makes of seats: held ones are accepted, one whose hold has ended is taken again or lost."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from booking.basket.model import Line
from booking.basket.rules.overlaps import stands_elsewhere
from booking.bookings.store import Bookings
from booking.confirmations.rules.orders import Holding, Owner, order_of
from booking.confirmations.store import Confirmations, Turn
from booking.offer.store import BookingSettingsStore, Offers
from booking.ports import Call
from booking.seats import store as seats
from booking.seats.model import SeatOrder, Stamp
from chassis.running.failpoints import failpoint

PaidLine = tuple[Line, Owner]
"""A line that was paid, and whose booking it is."""


def pay(call: Call, lines: Sequence[PaidLine], now: datetime) -> None:
    """Turn held seats into accepted ones.

    The one function for a payment heard at once or later. Idempotent, however late: what was given up gets no
    seat back, and a seat that was lost is lost once.
    """
    if not lines:
        return
    orders = _orders(call, lines)
    failpoint("booking.pay.before_seats")
    call.store(seats.Seats).apply(_paying(call, orders, now))
    failpoint("booking.pay.after_seats")
    call.bell.wake()


def pay_late(call: Call, lines: Sequence[PaidLine], now: datetime) -> None:
    """Turn held seats into accepted ones, where no confirmation of these children is being answered.

    A hold may have ended, and the child may have been booked elsewhere since: such seats are taken again in
    the children's turn. ChildrenBusyError while one of them is being confirmed.
    """
    standing = _standing(call, [line for line, _ in lines])
    pay(call, [paid for paid in lines if paid[0].booking_id in standing], now)
    late = [paid for paid in lines if paid[0].booking_id not in standing]
    orders = _orders(call, late) if late else []
    if not orders:
        return
    offer = call.store(Offers).known(call.scope)
    turn = Turn(call.ids.new_id(), [line.facts.child_id for line, _ in orders])
    days = [line.facts.day for line, _ in orders]

    def retake(seen: seats.Seats) -> None:
        there = seen.of_children(call.scope, list(turn.child_ids), (min(days), max(days)))
        checked = [
            (line, replace(order, elsewhere=stands_elsewhere(line, offer, there))) for line, order in orders
        ]
        seen.apply(_paying(call, checked, now))

    call.store(Confirmations).in_turn(call.scope, turn, retake)
    call.bell.wake()


def _standing(call: Call, lines: Sequence[Line]) -> set[str]:
    """Which of the bookings of some lines have a seat, wait or ask."""
    wanted = seats.EntryFilter(booking_ids=tuple(line.booking_id or "" for line in lines))
    found = call.store(seats.Seats).read(call.scope, sorted({line.seats_id or "" for line in lines}), wanted)
    return {
        entry.booking_id
        for document in found.values()
        for entry in document.taken + document.waiting + document.asked
    }


def _orders(call: Call, lines: Sequence[PaidLine]) -> list[tuple[Line, SeatOrder]]:
    """What is asked of the seats for what was paid; nothing for what was answered before."""
    kept = holding(call)
    closed = call.store(Bookings).closed_to_payment(call.scope, [line.booking_id or "" for line, _ in lines])
    return [
        (line, replace(order_of(line, owner, kept), retake=line.booking_id not in closed))
        for line, owner in lines
        if not closed.get(line.booking_id or "")
    ]


def _paying(call: Call, orders: Iterable[tuple[Line, SeatOrder]], now: datetime) -> Iterator[seats.Change]:
    when = Stamp(now, call.request_id, call.actor.as_document())
    for line, order in orders:
        yield seats.pay(call.scope, line.seats_id or "", order, when)


def holding(call: Call) -> Holding:
    """How long seats are kept for somebody who pays, as the organisation decides."""
    decided = call.store(BookingSettingsStore).read(call.scope)
    return Holding(decided.hold_s, decided.promoted_hold_s)
