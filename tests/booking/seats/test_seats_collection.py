from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pymongo.errors import AutoReconnect

from booking.offer.model import Gauge
from booking.seats import store
from booking.seats.model import Place, Stamp, Withdrawal
from booking.seats.rules import pool_id, seats_id, slot_id
from booking.seats.store.ends import add_ends
from booking.seats.store.pipelines import together
from booking.vocabulary import BookingState, DayPart, DecisionMode
from tests.booking.seats.both import DAY, START, TOWN, VILLAGE, a_day, a_slot, an_order

NOW = Stamp(START)
SPAN = (DAY, DAY + timedelta(days=30))
ANNA, BRUNO, CHLOE = (an_order(name) for name in ("Anna", "Bruno", "Chloe"))


@pytest.fixture
def database(mongo_database):
    store.Seats.ensure_indexes(mongo_database)
    return mongo_database


@pytest.fixture
def seats(database):
    seats = store.Seats(database)
    seats.open_days([a_day()], NOW)
    seats.apply([store.book(TOWN, "d", order, NOW) for order in (ANNA, BRUNO)])
    return seats


@pytest.fixture
def profiled(database, seats):
    """The plans of all commands on seats that the test runs, as the database's profiler saw them."""
    database.command("profile", 2)

    def seen():
        database.command("profile", 0)
        found = database["system.profile"].find({"ns": f"{database.name}.{store.COLLECTION}"})
        return [(entry["op"], entry.get("planSummary", "")) for entry in found]

    return seen


def test_no_query_of_seats_scans_the_collection(profiled, seats):
    wanted = store.EntryFilter(ANNA.confirmation_id, ("Anna",), (ANNA.booking_id,))
    seats.apply([store.book(TOWN, "d", CHLOE, NOW)])
    seats.apply_one(store.tick(TOWN, "d", NOW), wanted)
    seats.read(TOWN, ["d"], wanted)
    seats.read_whole(TOWN, "d")
    seats.of_children(TOWN, ["Anna"], SPAN)
    seats.counters(TOWN, ["pool-d"], SPAN, ["Anna"])
    seats.overdue(START, ["town"])
    seats.organisation_ids()
    seats.open_days([a_day()], NOW)

    summaries = profiled()

    assert len(summaries) >= 9
    assert [plan for plan in summaries if "COLLSCAN" in plan[1] or not plan[1]] == []


def test_counters_tell_gauges_queues_and_only_the_childrens_own_places(seats):
    seats.apply([store.book(TOWN, "d", CHLOE, NOW)])

    [counters] = seats.counters(TOWN, ["pool-d", "pool-e"], SPAN, ["Chloe", "Zoe"])

    assert (counters.seats_id, counters.day) == ("d", DAY)
    assert counters.gauges == (Gauge("places", 1, 1),)
    assert counters.slots[0].waiting == 2
    assert counters.places == {("s", "Chloe"): Place(CHLOE.booking_id, BookingState.WAITLISTED, rank=2)}


def test_counters_without_children_tell_no_places(seats):
    assert [c.places for c in seats.counters(TOWN, ["pool-d"], SPAN, [])] == [{}]


def test_a_child_is_found_where_it_is_seated_waits_or_asks_and_nobody_else_with_it(seats):
    found = seats.of_children(TOWN, ["Bruno"], SPAN)

    assert [(d.id, d.taken, [e.child_id for e in d.waiting]) for d in found] == [("d", (), ["Bruno"])]
    assert seats.of_children(TOWN, ["Bruno"], (date(2026, 12, 1), date(2026, 12, 31))) == []
    seats.apply([store.book(TOWN, "d", replace(CHLOE, decision_mode=DecisionMode.ON_REQUEST), NOW)])
    [asks] = seats.of_children(TOWN, ["Chloe"], SPAN)
    assert [entry.child_id for entry in asks.asked] == ["Chloe"]


def test_changes_of_several_organisations_are_made_in_each(seats):
    seats.open_days([replace(a_day(name="v"), organisation_id="village")], NOW)
    seats.apply([store.book(TOWN, "d", CHLOE, NOW), store.book(VILLAGE, "v", CHLOE, NOW)])
    waiting = [entry.child_id for entry in seats.read_whole(TOWN, "d").waiting]
    taken = [entry.child_id for entry in seats.read_whole(VILLAGE, "v").taken]
    assert (waiting[-1], taken) == ("Chloe", ["Chloe"])


def test_several_changes_in_the_name_of_another_organisation_change_nothing(seats, database):
    seats.open_days([a_day(name="e")], NOW)
    before = list(database.seats.find().sort("_id", 1))
    seats.apply([store.book(VILLAGE, day, CHLOE, NOW) for day in ("d", "e")])
    assert list(database.seats.find().sort("_id", 1)) == before


def test_overdue_holds_are_found_once_they_are_due(seats):
    seats.open_days([a_day(name="e")], NOW)
    seats.apply([store.book(TOWN, "e", replace(CHLOE, hold_s=60), NOW)])

    assert seats.overdue(START + timedelta(seconds=59), ["town"]) == []
    assert seats.overdue(START + timedelta(seconds=60), seats.organisation_ids()) == [("town", "e")]
    seats.apply([store.tick(TOWN, "e", Stamp(START + timedelta(seconds=60)))])
    assert seats.overdue(START + timedelta(hours=1), ["town"]) == []


def test_opening_a_day_again_changes_instants_but_evicts_nobody(seats):
    closes = START + timedelta(hours=1)
    again = a_day(a_slot(booking_closes_at=closes), gauges=(Gauge("places", 2),))

    seats.open_days([again], NOW)
    seats.open_days([again], NOW)

    day = seats.read_whole(TOWN, "d")
    assert [entry.child_id for entry in day.taken] == ["Anna", "Bruno"]
    assert day.slots[0].booking_closes_at == closes
    assert [event.name.value for event in day.events].count("seat_promoted") == 1


def test_another_organisation_sees_and_changes_nothing(seats):
    before = seats.read_whole(TOWN, "d")
    wanted = store.EntryFilter(ANNA.confirmation_id, ("Anna",), (ANNA.booking_id,))

    changes = [
        store.book(VILLAGE, "d", CHLOE, NOW),
        store.cancel(VILLAGE, "d", Withdrawal(ANNA.booking_id, "x", 1, forced=True), NOW),
        store.pay(VILLAGE, "d", ANNA, NOW),
        store.reshape(VILLAGE, "d", ((), ()), NOW),
        store.tick(VILLAGE, "d", Stamp(START + timedelta(days=9))),
    ]
    assert [seats.apply_one(change, wanted) for change in changes] == [None] * len(changes)
    assert seats.read(VILLAGE, ["d"], wanted) == {}
    assert seats.read_whole(VILLAGE, "d") is None
    assert seats.of_children(VILLAGE, ["Anna"], SPAN) == []
    assert seats.counters(VILLAGE, ["pool-d"], SPAN, ["Anna"]) == []
    assert seats.overdue(START + timedelta(days=9), ["village"]) == []
    assert seats.read_whole(TOWN, "d") == before


def test_nothing_to_do_is_nothing_done(seats):
    seats.apply([])
    seats.open_days([], NOW)

    assert seats.read(TOWN, [], store.EntryFilter()) == {}


def test_names_of_pools_days_and_slots_follow_from_what_they_name():
    assert pool_id("a", "north") == pool_id("a", "north") != pool_id("a", "south")
    assert seats_id("town", "p", DAY) != seats_id("village", "p", DAY)
    assert slot_id("a", "north", "noon") == "a/north/noon"


def test_many_changes_are_few_statements_and_leave_what_they_leave_one_by_one(database):
    orders = [an_order(name, f"basket of {name}") for name in ("Anna", "Bruno", "Chloe", "Dora")]
    for name in ("together", "alone"):
        store.Seats(database).open_days([a_day(name=f"{name} {number}") for number in range(3)], NOW)

    def changes(name):
        yield from (store.book(TOWN, f"{name} {number}", orders[0], NOW) for number in range(3))
        yield from (store.book(TOWN, f"{name} 0", order, NOW) for order in orders[1:])
        yield store.cancel(TOWN, f"{name} 0", Withdrawal(orders[0].booking_id, "c", 1), NOW)
        yield store.book(TOWN, "no such day", orders[0], NOW)

    store.Seats(database).apply(changes("together"))
    for change in changes("alone"):
        store.Seats(database).apply([change])

    assert len(list(together(changes("together")))) == 5  # one for the first of each day, then day 0 alone
    for number in range(3):
        one, other = (
            store.Seats(database).read_whole(TOWN, f"{name} {number}") for name in ("together", "alone")
        )
        assert (one.taken, one.waiting, one.gone) == (other.taken, other.waiting, other.gone)
        assert [e.booking_id for e in one.taken] == [orders[1 if number == 0 else 0].booking_id]


def test_changes_that_a_broken_connection_cut_off_are_made_again_and_once(seats, monkeypatch):
    bulk_write, tries = type(seats._seats).bulk_write, []

    def cut_off(collection, updates, **options):
        tries.append(updates)
        bulk_write(collection, updates, **options)
        if len(tries) == 1:
            raise AutoReconnect

    monkeypatch.setattr(type(seats._seats), "bulk_write", cut_off)
    seats.apply([store.book(TOWN, "d", CHLOE, NOW)])

    assert len(tries) == 2
    assert [entry.child_id for entry in seats.read_whole(TOWN, "d").waiting] == ["Bruno", "Chloe"]


def test_slots_of_earlier_releases_get_the_end_that_is_offered_today(mongo_database, seats):
    opened = a_day(
        a_slot(activity_id="soir", day_part=DayPart.EVENING), a_slot("gone", activity_id="gone"), name="e"
    )
    seats.open_days([opened], NOW)
    mongo_database.seats.update_many({}, {"$unset": {"slots.$[].ends_at": ""}})
    mongo_database.organisations.insert_one({"_id": "town", "time_zone": "Europe/Paris"})
    part = {"day_part": "evening", "leaves": "18:30"}
    mongo_database.activities.insert_one({"_id": "soir", "organisation_id": "town", "parts": [part]})
    assert [add_ends(mongo_database), add_ends(mongo_database)] == [2, 0]
    day = seats.read_whole(TOWN, opened.id)
    assert [slot.ends_at for slot in day.slots] == [datetime(2026, 11, 16, 17, 30, tzinfo=UTC), None]
