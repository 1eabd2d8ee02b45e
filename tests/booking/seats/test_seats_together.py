"""Many at once on one hot day: ours never oversells; a strategy that counts and then inserts does."""

import threading

import pytest

from booking.offer.model import Gauge
from booking.seats import store
from booking.seats.model import Stamp, Withdrawal
from booking.seats.rules import answer_to_order
from booking.vocabulary import Verdict
from tests.booking.seats.both import START, TOWN, a_day, an_order

THREADS = 8
PLACES = 20
EACH = 15
NOW = Stamp(START)


def all_together(work) -> None:
    """Run the work in eight threads that start at once, and raise what any of them raised."""
    start, failures = threading.Barrier(THREADS), []

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        except Exception as failure:  # noqa: BLE001 - told below, by the thread that can fail the test
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_counting_first_and_inserting_then_oversells(mongo_database):
    bookings, all_have_counted = mongo_database["naive"], threading.Barrier(THREADS)

    def work(number: int) -> None:
        for turn in range(EACH):
            free = bookings.count_documents({}) < PLACES
            all_have_counted.wait()  # the unlucky moment, made sure of on any machine
            if free:
                bookings.insert_one({"child_id": f"{number}-{turn}"})

    all_together(work)

    assert bookings.count_documents({}) > PLACES, "the control must show the fault that ours has not"


@pytest.fixture
def seats(mongo_database):
    seats = store.Seats(mongo_database)
    seats.ensure_indexes(mongo_database)
    seats.open_days([a_day(gauges=(Gauge("places", PLACES),))], NOW)
    return seats


def test_eight_at_once_never_oversell_and_every_answer_is_true(seats):
    answers = []

    def work(number: int) -> None:
        for turn in range(EACH):
            order = an_order(f"{number}-{turn}")
            wanted = store.EntryFilter(order.confirmation_id, (order.child_id,))
            left = seats.apply_one(store.book(TOWN, "d", order, NOW), wanted)
            answers.append((order, answer_to_order(left, order, START)))

    all_together(work)

    day = seats.read_whole(TOWN, "d")
    given = {verdict: {o.booking_id for o, a in answers if a.verdict is verdict} for verdict in Verdict}
    assert len(answers) == THREADS * EACH
    assert {entry.booking_id for entry in day.taken} == given[Verdict.ACCEPTED]
    assert {entry.booking_id for entry in day.waiting} == given[Verdict.WAITLISTED]
    assert (len(day.taken), len(day.waiting)) == (PLACES, 5)
    assert sorted(a.rank for _, a in answers if a.rank) == [1, 2, 3, 4, 5]


def test_booking_cancelling_and_expiring_at_once_keep_the_queue_and_the_capacity(seats):
    def work(number: int) -> None:
        for turn in range(EACH):
            order = an_order(f"{number}-{turn}", hold_s=(turn % 3 and 60) or None, promoted_hold_s=60)
            later = Stamp(START.replace(minute=turn))
            changes = [store.book(TOWN, "d", order, later)]
            if turn % 2:
                withdrawal = Withdrawal(order.booking_id, f"x{order.child_id}", 1)
                changes.append(store.cancel(TOWN, "d", withdrawal, later))
            for change in changes:
                seats.apply([change])

    all_together(work)

    day = seats.read_whole(TOWN, "d")
    promoted = [event.aggregate_id for event in day.events if event.name == "seat_promoted"]
    waited = [event.aggregate_id for event in day.events if event.name == "booking_waitlisted"]
    assert len(day.taken) <= PLACES
    assert not day.waiting or len(day.taken) == PLACES
    assert promoted == sorted(promoted, key=waited.index)
    assert [event.sequence for event in day.events] == list(range(1, day.event_seq + 1))
