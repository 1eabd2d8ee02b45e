"""Agents' acts, decided by the pure model and written where nothing has changed meanwhile."""

import pytest

from booking.offer.model import Afterwards, Gauge
from booking.seats import rules, store
from booking.seats.model import SeatEvent, SeatsDocument, Stamp
from booking.seats.store.deciding import ATTEMPTS_MAX, Decisions, Undecided, changes, together
from booking.vocabulary import DecisionMode
from tests.booking.seats.both import START, TOWN, VILLAGE, a_day, a_slot, an_order
from tests.booking.seats.test_seats_together import THREADS, all_together

NOW = Stamp(START, "request")
PLACES, REQUESTS, EACH = 30, 40, 10


@pytest.fixture
def day(mongo_database):
    seats = store.Seats(mongo_database)
    seats.ensure_indexes(mongo_database)
    seats.open_days([a_day(gauges=(Gauge("places", PLACES),))], NOW)
    seats.apply(
        store.book(TOWN, "d", an_order(f"child {n}", decision_mode=DecisionMode.ON_REQUEST), NOW)
        for n in range(REQUESTS)
    )
    return seats


def grants(number):
    return lambda document: rules.grant(document, f"confirmation of child {number}/1", NOW)


def test_what_an_agent_decides_is_told_like_any_other_transition(day, mongo_database):
    after = Decisions(mongo_database).decide(TOWN, "d", grants(0))
    assert isinstance(after, SeatsDocument)
    assert [event.name for event in after.events][-1] is SeatEvent.BOOKING_ACCEPTED
    assert day.read_whole(TOWN, "d") == after


def test_all_that_an_agent_decides_on_a_day_is_one_write(day, mongo_database):
    before = day.read_whole(TOWN, "d")
    after = Decisions(mongo_database).decide(TOWN, "d", together(grants(n) for n in range(REQUESTS)))
    assert len(after.taken) == PLACES
    assert len(after.asked) + len(after.waiting) == REQUESTS - PLACES
    assert day.read_whole(TOWN, "d") == after
    assert after.version > before.version


def test_a_day_of_another_organisation_is_no_day_at_all(day, mongo_database):
    assert Decisions(mongo_database).decide(VILLAGE, "d", grants(0)) is Undecided.NO_SUCH_DAY


def test_a_decision_that_changes_nothing_writes_nothing(day, mongo_database):
    before = mongo_database.seats.find_one({"_id": "d"})
    Decisions(mongo_database).decide(TOWN, "d", lambda document: rules.grant(document, "nobody's", NOW))
    assert mongo_database.seats.find_one({"_id": "d"}) == before


def test_a_day_that_an_earlier_release_made_is_decided_too(day, mongo_database):
    mongo_database.seats.update_one({"_id": "d"}, {"$unset": {"version": 1}})
    assert isinstance(Decisions(mongo_database).decide(TOWN, "d", grants(0)), SeatsDocument)
    assert mongo_database.seats.find_one({"_id": "d"})["version"] == 1


def test_events_that_the_relay_takes_away_meanwhile_stay_away(day, mongo_database):
    def while_the_relay_works(document):
        mongo_database.seats.update_one({"_id": "d"}, {"$set": {"events": []}})
        return grants(0)(document)

    Decisions(mongo_database).decide(TOWN, "d", while_the_relay_works)
    (event,) = mongo_database.seats.find_one({"_id": "d"})["events"]
    assert event["name"] == "booking_accepted"


def test_who_meets_somebody_elses_write_decides_again_on_what_is_there_now(day, mongo_database):
    seen = []

    def decision(document):
        if not seen:
            day.apply([store.book(TOWN, "d", an_order("in between"), NOW)])
        seen.append(len(document.taken))
        return grants(0)(document)

    after = Decisions(mongo_database).decide(TOWN, "d", decision)
    assert seen == [0, 1]
    assert {entry.child_id for entry in after.taken} == {"in between", "child 0"}


def test_what_the_release_before_does_meanwhile_is_seen_although_it_counts_no_version(day, mongo_database):
    seen = []

    def decision(document):
        if not seen:
            mongo_database.seats.update_one({"_id": "d"}, {"$inc": {"event_seq": 1}})
        seen.append(document.event_seq)
        return grants(0)(document)

    Decisions(mongo_database).decide(TOWN, "d", decision)
    assert seen == [REQUESTS, REQUESTS + 1]


def test_a_day_that_takes_another_shape_meanwhile_is_decided_anew_although_nothing_is_told_of_it(
    day, mongo_database
):
    seen = []

    def decision(document):
        if not seen:
            day.apply([store.reshape(TOWN, "d", ((Gauge("places", 0),), (a_slot(),)), NOW)])
        seen.append(document.gauges[0].max)
        return grants(0)(document)

    after = Decisions(mongo_database).decide(TOWN, "d", decision)
    assert seen == [PLACES, 0]
    assert after.taken == ()


def test_a_seat_that_is_lost_is_lost_once_whatever_an_agent_decides_meanwhile(day, mongo_database):
    late = an_order("late", retake=False)
    day.apply([store.pay(TOWN, "d", late, NOW)])
    declined = "confirmation of child 0/1"
    Decisions(mongo_database).decide(TOWN, "d", lambda document: rules.decline(document, declined, NOW))
    day.apply([store.pay(TOWN, "d", late, NOW)])
    told = [event.name for event in day.read_whole(TOWN, "d").events]
    assert told.count(SeatEvent.SEAT_LOST) == 1


def test_a_request_that_came_late_is_known_as_late_whatever_an_agent_decides_on_its_day(day, mongo_database):
    closed = a_slot(booking_closes_at=START, booking_afterwards=Afterwards.REQUEST)
    day.apply([store.reshape(TOWN, "d", ((Gauge("places", PLACES),), (closed,)), NOW)])
    day.apply([store.book(TOWN, "d", an_order("late"), NOW)])
    Decisions(mongo_database).decide(TOWN, "d", grants(0))
    asked = day.read_whole(TOWN, "d").asked
    assert [entry.child_id for entry in asked if entry.late] == ["late"]


def test_after_five_tries_the_agent_is_told_that_the_day_is_busy(day, mongo_database):
    tries = []

    def decision(document):
        tries.append(document.version)
        day.apply([store.book(TOWN, "d", an_order(f"number {len(tries)}"), NOW)])
        return grants(0)(document)

    assert Decisions(mongo_database).decide(TOWN, "d", decision) is Undecided.BUSY
    assert len(tries) == ATTEMPTS_MAX
    assert len(day.read_whole(TOWN, "d").asked) == REQUESTS, "nothing is half done"


def agents_and_families(day, mongo_database, decide):
    """Half of the threads grant requests, the other half books for families, on one day with few places."""

    def work(number):
        for turn in range(EACH):
            if number % 2:
                day.apply([store.book(TOWN, "d", an_order(f"{number}-{turn}"), NOW)])
            else:
                decide(number // 2 * EACH + turn)

    all_together(work)
    return day.read_whole(TOWN, "d")


def test_agents_and_families_at_once_never_oversell_and_no_decision_is_lost(day, mongo_database):
    decisions, granted = Decisions(mongo_database), []

    def decide(request):
        while (after := decisions.decide(TOWN, "d", grants(request))) is Undecided.BUSY:
            pass
        granted.append(after)

    after = agents_and_families(day, mongo_database, decide)
    assert len(after.taken) == PLACES
    assert len(granted) == THREADS // 2 * EACH
    assert [event.sequence for event in after.events] == list(range(1, after.event_seq + 1))


def test_deciding_without_looking_whether_the_day_has_changed_loses_what_others_did(day, mongo_database):
    found = mongo_database.seats.find_one({"_id": "d"})
    day.apply([store.book(TOWN, "d", an_order("in between"), NOW)])
    before = store.to_seats(found)
    mongo_database.seats.update_one({"_id": "d"}, changes(before, grants(0)(before)))
    taken = day.read_whole(TOWN, "d").taken
    assert [entry.child_id for entry in taken] == ["child 0"], (
        "the control must show the fault that ours has not"
    )
