"""Events of one name that wait together travel together, and each of them is dealt with by itself."""

import json

import lamps
import pytest
from hearing import DEAD, QUEUE, meters_running, waits

from chassis.doors.events import on_events
from chassis.storage.mongo import Mongo
from chassis.testing import eventually, running
from chassis.values.event import PACK_BYTES_MAX, PACK_MAX, SIZE_MAX, Event, Unreadable, packed
from chassis.wire.publisher import Message, Publisher


class Ledger:
    """Hears in lists; `behaviour` is called with the store and the events."""

    name = "meters"
    store = Mongo(lamps.Store)

    @on_events("lamps", "lamp_lit")
    def on_lamp_lit(self, events):
        self.behaviour(self.store.database, events)

    behaviour = staticmethod(lambda database, events: None)


@pytest.fixture
def say_together(broker):
    """Publish events in one message, as the relay does; give their ids."""
    publisher = Publisher(broker)

    def publish(*rows):
        events = [Event.from_row(each) for each in rows]
        [(count, body)] = packed([event.encode() for event in events])
        assert count == len(events)
        assert publisher.publish([Message("lamps.events", "lamp_lit", body, events[0].id)]) == [True]
        return [event.id for event in events]

    yield publish
    publisher.close()


def write_down(database, events):
    database.lists.insert_one({"rooms": [event.data["room"] for event in events]})


def ledger(behaviour):
    return type("Ledger", (Ledger,), {"behaviour": staticmethod(behaviour)})


def test_what_waits_together_is_sent_together_up_to_a_limit(broker, channel, mongo_database):
    mongo_database.outbox.insert_many([lamps.lit(f"room {n}", sequence=n) for n in range(PACK_MAX + 10)])
    mongo_database.outbox.insert_one(lamps.lit("kitchen", name="lamp_put_out"))
    with running(lamps.Lamps, MONGODB_DATABASE=mongo_database.name):
        eventually(lambda: mongo_database.outbox.count_documents({"pending": {"$exists": True}}) == 0)
    bodies = [channel.basic_get(QUEUE, no_ack=True).body for _ in range(2)]
    rooms = [[event.data["room"] for event in Event.decode_all(body)] for body in bodies]
    assert rooms == [
        [f"room {n}" for n in range(PACK_MAX)],
        [f"room {n}" for n in range(PACK_MAX, PACK_MAX + 10)],
    ]
    assert waits(channel, QUEUE) == 0
    assert waits(channel, "meters.lamps.lamp_put_out") == 1


def test_a_handler_of_single_events_gets_each_of_a_message_in_its_order(
    say_together, channel, mongo_database, behave
):
    met = []
    behave(lambda _database, event: met.append(event.data["room"]))
    say_together(*(lamps.lit(f"room {n}", sequence=n) for n in range(5)))
    with meters_running(mongo_database):
        eventually(lambda: len(met) == 5)
    assert met == [f"room {n}" for n in range(5)]
    assert waits(channel, QUEUE) == 0


def test_one_that_fails_among_many_comes_again_alone_and_the_others_do_not(
    say_together, channel, mongo_database, short_delays, behave
):
    met = []

    def breaks_once(_database, event):
        met.append(event.data["room"])
        if event.data["room"] == "attic" and met.count("attic") == 1:
            raise ValueError("dark")

    behave(breaks_once)
    say_together(*(lamps.lit(room) for room in ("kitchen", "attic", "hall")))
    with meters_running(mongo_database):
        eventually(lambda: met.count("attic") == 2)
        eventually(lambda: waits(channel, QUEUE) == 0)
    assert met == ["kitchen", "attic", "hall", "attic"]


def test_the_letter_of_one_that_never_succeeds_holds_it_alone(
    say_together, channel, mongo_database, short_delays, behave
):
    def breaks(_database, event):
        if event.data["room"] == "attic":
            raise ValueError("dark")

    behave(breaks)
    ids = say_together(*(lamps.lit(room) for room in ("kitchen", "attic", "hall")))
    with meters_running(mongo_database):
        letter = eventually(lambda: channel.basic_get(DEAD, no_ack=True))
    assert json.loads(letter.body)["id"] == ids[1] == letter.properties["message_id"]
    assert waits(channel, DEAD) == 0


def test_a_handler_of_lists_gets_those_of_one_organisation_at_once(say_together, channel, mongo_database):
    other = lamps.lit("cellar") | {"organisation_id": "o-2"}
    say_together(lamps.lit("kitchen"), lamps.lit("attic"), other)
    with running(ledger(write_down), MONGODB_DATABASE=mongo_database.name):
        lists = eventually(lambda: (found := list(mongo_database.lists.find()))[1:] and found)
    assert [each["rooms"] for each in lists] == [["kitchen", "attic"], ["cellar"]]
    assert waits(channel, QUEUE) == 0


def test_a_list_that_fails_is_taken_apart(say_together, channel, mongo_database, short_delays):
    def breaks_on_the_attic(database, events):
        if any(event.data["room"] == "attic" for event in events):
            raise ValueError("dark")
        write_down(database, events)

    say_together(*(lamps.lit(room) for room in ("kitchen", "attic", "hall")))
    with running(ledger(breaks_on_the_attic), MONGODB_DATABASE=mongo_database.name):
        letter = eventually(lambda: channel.basic_get(DEAD, no_ack=True))
    assert json.loads(letter.body)["data"]["room"] == "attic"
    assert sorted(each["rooms"] for each in mongo_database.lists.find()) == [["hall"], ["kitchen"]]


def test_one_in_a_version_that_nobody_reads_dies_alone(say_together, channel, mongo_database, behave):
    met = []
    behave(lambda _database, event: met.append(event.data["room"]))
    ids = say_together(lamps.lit("kitchen"), lamps.lit("attic", version=9), lamps.lit("hall"))
    with meters_running(mongo_database):
        letter = eventually(lambda: channel.basic_get(DEAD, no_ack=True))
        eventually(lambda: met == ["kitchen", "hall"])
        eventually(lambda: waits(channel, QUEUE) == 0)
    assert json.loads(letter.body)["id"] == ids[1] == letter.properties["message_id"]
    assert waits(channel, DEAD) == 0


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([1], [1]),
        ([10] * PACK_MAX, [PACK_MAX]),
        ([10] * (PACK_MAX + 1), [PACK_MAX, 1]),
        ([PACK_BYTES_MAX, 10], [1, 1]),
        ([PACK_BYTES_MAX - 1, 10, 10], [2, 1]),
    ],
)
def test_a_message_has_its_limits_in_events_and_bytes(sizes, expected):
    assert [count for count, _ in packed([b"1" * size for size in sizes])] == expected


def test_what_is_packed_reads_back_and_one_alone_travels_as_it_is():
    events = [Event.from_row(lamps.lit(room)) for room in ("kitchen", "attic")]
    bodies = [event.encode() for event in events]
    [(_, alone)] = packed(bodies[:1])
    [(_, both)] = packed(bodies)
    assert alone == bodies[0]
    assert [event.data for event in Event.decode_all(both)] == [{"room": "kitchen"}, {"room": "attic"}]
    assert len(both) < SIZE_MAX


@pytest.mark.parametrize("body", [b'{"events":[]}', b'{"events":{}}', b'{"events":[1]}', b"[]", b"1"])
def test_a_message_of_something_else_is_unreadable(body):
    with pytest.raises(Unreadable):
        Event.decode_all(body)
