"""Processes killed and cables pulled at the worst moment: nothing lost, and one effect."""

import json
import os
import subprocess
import sys
from pathlib import Path

import amqp
import lamps
import pytest
from cable import Cable, directly

from chassis.storage.outbox import Rows
from chassis.testing import eventually, running
from chassis.values.event import Event

QUEUE = "meters.lamps.lamp_lit"
START_S = 60
RELAY_ALONE = "import eventlet; eventlet.monkey_patch(); import sys; from alone import run; run(sys.argv[1])"


@pytest.fixture
def database(mongo_database):
    Rows().ensure_indexes(mongo_database)
    return mongo_database


@pytest.fixture
def alone(broker, database, tmp_path):
    """Run a service of `lamps` in a process of its own, with failpoints; ends it after the test."""
    processes = []

    def start(service="Lamps", failpoints=""):
        environment = {
            **os.environ,
            "MONGODB_DATABASE": database.name,
            "TMPDIR": str(tmp_path),  # who is killed takes nothing away with it
            "EVENTLET_NO_GREENDNS": "yes",
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "FAILPOINTS": failpoints,
            "FAILPOINTS_MARKS": str(tmp_path / "marks"),
        }
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", RELAY_ALONE, service], env=environment
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()


def taken(channel):
    bodies = []
    while (message := channel.basic_get(QUEUE, no_ack=True)) is not None:
        told = json.loads(message.body)
        bodies += [each["id"] for each in told.get("events", [told])]
    return bodies


@pytest.mark.parametrize(
    ("point", "times"), [("before_publish", 1), ("after_publish", 2), ("before_mark", 2), ("after_mark", 1)]
)
def test_a_relay_killed_at_any_point_of_a_row_loses_nothing(point, times, alone, channel, database):
    row = lamps.lit("kitchen")
    database.outbox.insert_one(row)
    failpoints = f"lamps.relay.{point}=kill"
    assert alone(failpoints=failpoints).wait(timeout=START_S) == -9
    alone(failpoints=failpoints)
    eventually(lambda: database.outbox.count_documents({"sent_at": {"$exists": True}}) == 1)
    assert eventually(lambda: taken(channel)) == [row["_id"]] * times


@pytest.mark.parametrize("point", ["before_publish", "after_publish", "before_mark", "after_mark"])
def test_a_relay_killed_at_any_point_of_a_document_loses_nothing(point, alone, channel, database):
    entries = [lamps.entry(f"e-{n}", sequence=n) for n in range(3)]
    database.rooms.insert_one({"_id": "room", "organisation_id": "o-1", "events": entries})
    failpoints = f"lamps.relay.{point}=kill"
    assert alone(failpoints=failpoints).wait(timeout=START_S) == -9
    alone(failpoints=failpoints)
    eventually(lambda: database.rooms.find_one()["events"] == [])
    arrived = eventually(lambda: taken(channel))
    assert arrived[:3] == ["e-0", "e-1", "e-2"]
    assert arrived[3:] in ([], ["e-0", "e-1", "e-2"])
    assert database.projected.count_documents({}) == 3


def test_a_row_sent_twice_by_a_killed_relay_has_one_effect(alone, channel, database, other_database):
    """`deliveries` is the positive control: the event did come twice."""
    database.outbox.insert_one(lamps.lit("kitchen"))
    assert alone(failpoints="lamps.relay.before_mark=kill").wait(timeout=START_S) == -9
    alone()
    with running(lamps.Meters, MONGODB_DATABASE=other_database.name):
        eventually(lambda: other_database.deliveries.count_documents({}) == 2)
        eventually(lambda: other_database.lit.count_documents({}) == 1)
    assert other_database.lit.count_documents({}) == 1


def test_a_handler_killed_after_its_commit_has_its_effect_once(alone, channel, database, other_database):
    database.outbox.insert_one(lamps.lit("kitchen"))
    with running(lamps.Lamps, MONGODB_DATABASE=database.name):
        eventually(lambda: channel.queue_declare(QUEUE, passive=True).message_count == 1)
    failpoints = "meters.counted=kill"
    assert alone("Meters", failpoints).wait(timeout=START_S) == -9
    alone("Meters", failpoints)
    eventually(lambda: database.deliveries.count_documents({}) == 2)
    eventually(lambda: channel.queue_declare(QUEUE, passive=True).message_count == 0)
    assert database.lit.count_documents({}) == 1


def test_a_relay_waits_for_an_absent_broker_and_goes_on_by_itself(cable, channel, database):
    with running(lamps.Lamps, MONGODB_DATABASE=database.name, AMQP_URI=cable.uri):
        database.outbox.insert_one(lamps.lit("kitchen"))
        eventually(lambda: channel.queue_declare(QUEUE, passive=True).message_count == 1)
        eventually(lambda: database.outbox.count_documents({"pending": {"$exists": True}}) == 0)
        cable.pull()
        database.outbox.insert_many([lamps.lit("cellar", sequence=n) for n in range(20)])
        assert database.outbox.count_documents({"pending": {"$exists": True}}) == 20
        cable.plug()
        eventually(lambda: database.outbox.count_documents({"pending": {"$exists": True}}) == 0)
    assert len(set(taken(channel))) == 21


def test_handlers_outlive_a_lost_connection_and_every_event_counts_once(
    cable, channel, database, other_database
):
    with (
        running(lamps.Lamps, MONGODB_DATABASE=database.name),
        running(lamps.Meters, MONGODB_DATABASE=other_database.name, AMQP_URI=cable.uri),
    ):
        for n in range(4):
            database.outbox.insert_many([lamps.lit(f"room {n}", sequence=k) for k in range(25)])
            eventually(lambda n=n: other_database.lit.count_documents({}) > n * 25)
            cable.pull()
            cable.plug()
        eventually(lambda: other_database.lit.count_documents({}) == 100)
    assert len(other_database.lit.distinct("event")) == 100


def test_a_retry_that_can_not_be_published_keeps_its_event(cable, channel, database, other_database, behave):
    failures = []

    def fails_once(found, event):
        if not failures:
            failures.append(event.id)
            cable.pull()
            raise RuntimeError
        lamps.count(found, event)

    behave(fails_once)
    database.outbox.insert_one(lamps.lit("kitchen"))
    with (
        running(lamps.Meters, MONGODB_DATABASE=other_database.name, AMQP_URI=cable.uri),
        running(lamps.Lamps, MONGODB_DATABASE=database.name),
    ):
        eventually(lambda: failures)
        cable.plug()
        counted = eventually(lambda: other_database.lit.distinct("event"))
    assert counted == failures


@pytest.fixture
def database_cable():
    """The way to the database; the members of its set are not asked for."""
    between = Cable(os.environ["MONGODB_URI"])
    yield between
    between.close()


def test_a_database_that_is_away_for_a_while_loses_no_event_and_makes_no_dead_letter(
    database_cable, channel, database, other_database, behave
):
    fragile_uri, rooms = directly(database_cable.uri), []

    def count(found, event):
        rooms.append(event.data["room"])
        lamps.count(found, event)

    behave(count)
    with (
        running(lamps.Lamps, MONGODB_DATABASE=database.name, MONGODB_URI=fragile_uri),
        running(lamps.Meters, MONGODB_DATABASE=other_database.name, MONGODB_URI=fragile_uri),
    ):
        database.outbox.insert_many([lamps.lit("kitchen", sequence=n) for n in range(5)])
        eventually(lambda: other_database.lit.count_documents({}) == 5)
        database_cable.pull()
        database.outbox.insert_many([lamps.lit("cellar", sequence=n) for n in range(5)])
        say_directly(channel)
        eventually(lambda: rooms.count("attic") > 1)  # it has waited, and came again
        database_cable.plug()
        eventually(lambda: other_database.lit.count_documents({}) == 11)
    assert channel.queue_declare("meters.dead", passive=True).message_count == 0


def say_directly(channel):
    """An event from a relay that still has its database."""
    event = Event.from_row(lamps.lit("attic"))
    channel.basic_publish(amqp.Message(event.encode(), message_id=event.id), "lamps.events", event.name)
