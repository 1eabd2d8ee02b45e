"""Random programs of operations: what must hold after each, in the pure model and in the pipelines alike.

SEATS_PROGRAMS=5000 runs the long form; `make long` runs 1,000.
"""

import os
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from booking.bookings.rules import standing_after
from booking.offer.model import Afterwards, Gauge
from booking.seats.model import SeatEvent, SeatOrder, SeatsDocument, Slot
from booking.seats.rules import GONE_KEPT, free_places
from booking.seats.rules.steps import fits, past
from booking.vocabulary import BOOKING, Act, BookingState, DecisionMode, Verdict
from tests.booking.seats.both import START, Alone, Both, a_day, a_slot, an_order, timedelta

PROGRAMS = int(os.environ.get("SEATS_PROGRAMS", "40"))
PROGRAMS_OF_THE_MODEL = 2 * PROGRAMS
STEPS = 40
CHILDREN = ("$child_id", "$$ROOT", "Anna", "Bruno", "Chloe", "David")
GAUGES = (("a",), ("b",), ("a", "b"), ("a", "unknown"))
WEIGHTS = {
    "book": 8,
    "repeat": 2,
    "cancel": 4,
    "pay": 3,
    "grant": 2,
    "decline": 2,
    "set_capacity": 1,
    "reshape": 0.4,
    "tick": 1,
}


class Program:
    """One random life of one seats document; the seed is all there is to know to repeat it."""

    def __init__(self, kept: Callable[[SeatsDocument], Alone], seed: int) -> None:
        self.random = random.Random(seed)
        self.slots = tuple(self.slot(name) for name in ("s", "t"))
        gauges = (Gauge("a", self.random.choice([0, 1, 2, 3, None])), Gauge("b", self.random.choice([1, 2])))
        self.day = kept(a_day(*self.slots, gauges=gauges, name=f"d{seed}"))
        self.orders: list[SeatOrder] = []
        self.answers: dict[str, object] = {}
        self.capacity_changed = False

    def slot(self, name: str) -> Slot:
        pick = self.random.choice
        return a_slot(
            name,
            gauges=pick(GAUGES),
            starts_at=START + timedelta(minutes=pick([2, 30])),
            booking_closes_at=pick([None, START + timedelta(minutes=1)]),
            cancelling_closes_at=pick([None, START + timedelta(seconds=40)]),
            booking_afterwards=pick(list(Afterwards)),
            cancelling_afterwards=pick(list(Afterwards)),
            waiting_max=pick([0, 1, 3, None]),
            promotes_late=self.random.random() < 0.4,
            open=self.random.random() < 0.95,
        )

    def run(self) -> None:
        for step in range(STEPS):
            self.day.later(seconds=self.random.choice([0, 0, 1, 3, 11, 20]))
            if self.random.random() < 0.03:
                self.day.later(minutes=16)
            name = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            getattr(self, name if self.orders else "book")(step)
            self.holds()

    def book(self, step: int = 0) -> None:
        pick = self.random.choice
        hold_s = pick([None, 10])
        order = an_order(
            pick(CHILDREN),
            f"c{step}",
            slot=pick(["s", "s", "t", "t", "t", "elsewhere"]),
            gauges=pick(GAUGES),
            hold_s=hold_s,
            promoted_hold_s=hold_s and 20,
            decision_mode=pick([DecisionMode.INSTANT] * 5 + list(DecisionMode)),
            past_deadline_allowed=self.random.random() < 0.2,
        )
        self.orders.append(order)
        self.answers[order.booking_id] = self.day.book(order)

    def repeat(self, _step: int) -> None:
        """Ask the last line again: until it has been gone for fifteen minutes it hears what it heard."""
        order, known = self.orders[-1], self.known()
        answer = self.day.book(order)
        if self.answers[order.booking_id].booking_id and order.booking_id in known:
            assert answer == self.answers[order.booking_id]
        self.answers[order.booking_id] = answer

    def cancel(self, step: int) -> None:
        order = self.random.choice(self.orders)
        ways = {"on_request": self.random.random() < 0.3, "forced": self.random.random() < 0.3}
        self.day.cancel(order, f"x{step // 4}", **ways)

    def known(self) -> set[str]:
        """The bookings that the day remembers: who stands there, and who left not long ago."""
        document, forgotten = self.day.document, self.day.now - GONE_KEPT
        standing = document.taken + document.waiting + document.asked
        return {e.booking_id for e in standing + tuple(e for e in document.gone if e.gone_at > forgotten)}

    def pay(self, _step: int) -> None:
        order, known = self.random.choice(self.orders), self.known()
        self.day.pay(replace(order, retake=self.random.random() < 0.8))
        if order.booking_id not in known:  # what it was told once is forgotten
            self.answers[order.booking_id] = replace(self.answers[order.booking_id], booking_id=None)

    def grant(self, _step: int) -> None:
        self.day.grant(self.random.choice(self.orders))

    def decline(self, _step: int) -> None:
        self.day.decline(self.random.choice(self.orders))

    def set_capacity(self, _step: int) -> None:
        self.capacity_changed = True
        self.day.set_capacity(self.random.choice("ab"), self.random.choice([0, 1, 2, 4, None]))

    def reshape(self, _step: int) -> None:
        self.capacity_changed = True
        slots = tuple(self.slot(name) for name in self.random.choice([("s",), ("s", "t")]))
        self.day.reshape((Gauge("a", self.random.choice([1, 3])), Gauge("c", 2)), slots)

    def tick(self, _step: int) -> None:
        self.day.tick()

    def holds(self) -> None:
        """What must be true of every seats document after every write."""
        document = self.day.document
        standing = document.taken + document.waiting + document.asked
        children = [(entry.child_id, entry.slot) for entry in standing]
        assert len(children) == len(set(children)), "a child stands twice in a slot"
        if not self.capacity_changed:
            assert all(left >= 0 for left in free_places(document).values()), "oversold"
        assert nobody_waits_beside_a_free_seat(document, self.day.now)
        assert queue_is_in_order(document)
        assert counters_are_true(document)


def nobody_waits_beside_a_free_seat(document: SeatsDocument, now) -> bool:
    late = {s.id for s in document.slots if not s.promotes_late and past(s.cancelling_closes_at, now)}
    stopped = late | {s.id for s in document.slots if not s.open}
    free = free_places(document)
    return not any(fits(free, e.gauges) for e in document.waiting if e.slot not in stopped)


def queue_is_in_order(document: SeatsDocument) -> bool:
    numbers = [entry.seq for entry in document.waiting]
    return numbers == sorted(numbers)


def run_programs(kept: Callable[[SeatsDocument], Alone], count: int) -> set[SeatEvent]:
    """Run as many, and return which transitions they reached."""
    told: set[SeatEvent] = set()
    for seed in range(count):
        program = Program(kept, seed)
        program.run()
        assert strays(program.day.document) == []
        told |= {event.name for event in program.day.document.events}
    return told


def strays(document: SeatsDocument) -> list[tuple[BookingState, SeatEvent]]:
    """Fold the events of each booking; return those that lead where its machine does not."""
    states: dict[str, BookingState] = {}
    found = []
    for event in document.events:
        before = states.get(event.aggregate_id)
        after = standing_after(event.name, event.data, before).state
        # A promotion that needs no payment is told twice. Who has gone the seats forget after fifteen
        # minutes; that nobody asks or pays for it again then is the doors' to see to, and not played here.
        again = "booking_id" in event.data or event.data.get("how") == "paid"
        forgotten = again and before in BOOKING.final | {BookingState.EXPIRED}
        moved = before is not None and after is not before and not forgotten
        if moved and not any(BOOKING.after(before, act) is after for act in Act):
            found.append((before, event.name))
        states[event.aggregate_id] = after
    return found


def counters_are_true(document: SeatsDocument) -> bool:
    taken = {gauge.name: sum(gauge.name in e.gauges for e in document.taken) for gauge in document.gauges}
    waiting = {slot.id: sum(e.slot == slot.id for e in document.waiting) for slot in document.slots}
    return (
        {gauge.name: gauge.taken for gauge in document.gauges} == taken
        and {slot.id: slot.waiting for slot in document.slots} == waiting
        and [event.sequence for event in document.events] == list(range(1, document.event_seq + 1))
    )


@pytest.mark.timeout(3600)
def test_random_programs_never_oversell_never_overtake_and_leave_no_seat_empty_beside_a_queue():
    assert run_programs(Alone, PROGRAMS_OF_THE_MODEL) == set(SeatEvent), "they must reach every transition"


@pytest.mark.timeout(3600)
def test_random_programs_give_the_same_outcome_in_the_model_and_in_the_database(mongo_database):
    told = run_programs(lambda day: Both(mongo_database, day), PROGRAMS)
    assert told == set(SeatEvent), "they must reach every transition"


def test_the_queue_of_one_slot_is_served_strictly_in_its_order(mongo_database):
    """First in, first out: seats free themselves at random, promotions follow the order of arrival."""
    dice = random.Random(7)
    slot = a_slot(waiting_max=None)
    both = Both(mongo_database, a_day(slot, gauges=(Gauge("places", 3),)))
    orders = [an_order(f"child {number}") for number in range(12)]
    for order in orders:
        both.book(replace(order, hold_s=dice.choice([None, 30]), promoted_hold_s=dice.choice([None, 40])))

    for step in range(30):
        both.later(seconds=dice.choice([0, 10, 25]))
        both.cancel(dice.choice(orders), f"x{step}")

    promoted = [e.aggregate_id for e in both.document.events if e.name is SeatEvent.SEAT_PROMOTED]
    arrival = [order.booking_id for order in orders]
    assert len(promoted) > 3
    assert promoted == sorted(promoted, key=arrival.index)
    assert both.book(orders[-1]).verdict is Verdict.WAITLISTED
