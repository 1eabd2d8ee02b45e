"""The relay, seen from both ends: what waits in the database, and what arrives in a queue."""

import json
import time
from types import SimpleNamespace

import lamps
import pytest
from pymongo.errors import AutoReconnect
from structlog.testing import capture_logs

from chassis.storage import mongo
from chassis.storage.outbox import Documents, Relay, Rows
from chassis.storage.outbox.back_off import BackOff
from chassis.storage.outbox.sending import Found, SourceRun
from chassis.storage.outbox.sources import Wanted
from chassis.testing import eventually, running

QUEUE = "meters.lamps.lamp_lit"


@pytest.fixture
def database(mongo_database):
    Rows().ensure_indexes(mongo_database)
    return mongo_database


def received(channel, queue=QUEUE):
    """Everything that waits in the queue, taken."""
    messages = []
    while (message := channel.basic_get(queue, no_ack=True)) is not None:
        told = json.loads(message.body)
        messages += told.get("events", [told])
    return messages


def waits(channel, queue=QUEUE):
    return channel.queue_declare(queue, passive=True).message_count


def lamps_running(database):
    return running(lamps.Lamps, MONGODB_DATABASE=database.name)


def test_of_a_document_the_names_that_back_off_wait_and_the_others_are_read(mongo_database):
    told = [
        {"id": f"r:{number}", "name": name} for number, name in enumerate(("broken", "lamp_lit", "broken"))
    ]
    mongo_database.rooms.insert_one({"_id": "r", "organisation_id": "o-1", "events": told})
    wanted = Wanted(subscribed=(), backing_off=("broken",))
    found = Documents("rooms").read(mongo_database, wanted)
    assert [(waiting.name, waiting.entry_id) for waiting in found] == [("lamp_lit", "r:1")]


def run_of(*, waits, held=False):
    """A source that is sent by this copy if it holds the lease; without rows that could be read."""
    source = SimpleNamespace(name="rooms", waits=lambda _database: waits, read=lambda *_: [])
    lease = SimpleNamespace(fresh=False, held=lambda: held)
    return SourceRun("lamps", {}, source, database=None, lease=lease, publisher=None)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("waits", "held", "found"),
    [(False, False, Found.NOTHING), (True, False, Found.LEASED), (True, True, Found.NOTHING)],
)
def test_a_relay_learns_whether_what_waits_is_for_another_copy_to_send(waits, held, found):
    assert run_of(waits=waits, held=held).send_next() is found


@pytest.mark.pure
def test_a_database_away_is_told_once_and_tried_again_later_and_later():
    run = run_of(waits=True)
    run.source.waits = away
    waited = []
    with capture_logs() as lines:
        for _ in range(4):
            run._rest_until = 0.0
            assert run.send_next() is Found.HINDERED
            waited.append(round(run._rest_until - time.monotonic(), 1))
        run.source.waits, run._rest_until = (lambda _database: False), 0.0
        run.send_next()
    assert waited == [0.5, 1.0, 2.0, 2.0]
    assert lines == [
        {
            "event": "outage_met",
            "log_level": "warning",
            "who": "relay of rooms",
            "away": "database",
            "reason": "AutoReconnect",
        },
        {"event": "outage_over", "log_level": "info", "who": "relay of rooms"},
    ]


def away(_database):
    raise AutoReconnect("db.example:27017: user secret was not let in")


def test_a_committed_row_reaches_the_queue_with_its_whole_envelope(broker, channel, database):
    row = lamps.lit("kitchen", causation_id="c-1")
    database.outbox.insert_one(row)
    with lamps_running(database):
        eventually(lambda: waits(channel) == 1)
    [message] = received(channel)
    assert message["occurred_at"].endswith("Z")
    assert {**message, "occurred_at": None} == {
        "id": row["_id"],
        "name": "lamp_lit",
        "version": 1,
        "organisation_id": "o-1",
        "aggregate_id": "lamp-1",
        "sequence": 1,
        "occurred_at": None,
        "causation_id": "c-1",
        "correlation_id": "r-1",
        "data": {"room": "kitchen"},
    }


def test_a_sent_row_is_kept_with_the_instant_of_its_sending(broker, channel, database):
    database.outbox.insert_one(lamps.lit("kitchen"))
    with lamps_running(database):
        kept = eventually(lambda: database.outbox.find_one({"sent_at": {"$exists": True}}))
    assert "pending" not in kept
    indexes = database.outbox.index_information()
    assert indexes["outbox_sent_kept_31_days"]["expireAfterSeconds"] == 31 * 86_400


def test_an_event_that_nobody_hears_is_marked_and_not_sent(broker, channel, database):
    database.outbox.insert_one(lamps.lit("kitchen", name="lamp_dusted"))
    with lamps_running(database):
        eventually(lambda: database.outbox.find_one({"sent_at": {"$exists": True}}))
    assert received(channel) == []


def test_a_row_of_a_transaction_that_is_rolled_back_is_never_sent(broker, channel, database):
    def work(session):
        database.outbox.insert_one(lamps.lit("kitchen"), session=session)
        raise RuntimeError

    with lamps_running(database):
        with pytest.raises(RuntimeError):
            mongo.in_transaction(database, work)
        database.outbox.insert_one(lamps.lit("cellar"))
        eventually(lambda: waits(channel) == 1)
    assert [each["data"]["room"] for each in received(channel)] == ["cellar"]


def test_rows_leave_in_the_order_in_which_they_were_written(broker, channel, database):
    database.outbox.insert_many([lamps.lit(f"room {n}", sequence=n) for n in range(450)])
    with lamps_running(database):
        eventually(lambda: database.outbox.count_documents({"pending": {"$exists": True}}) == 0)
    assert [each["sequence"] for each in received(channel)] == list(range(450))


def test_entries_of_a_document_are_projected_sent_in_order_and_taken_out(broker, channel, database):
    entries = [lamps.entry(f"e-{n}", sequence=n) for n in range(5)]
    entries[2]["name"] = "lamp_dusted"
    database.rooms.insert_one({"_id": "room-1", "organisation_id": "o-1", "events": entries})
    database.rooms.insert_one({"_id": "room-2", "organisation_id": "o-1", "events": []})
    with lamps_running(database):
        eventually(lambda: database.rooms.find_one({"_id": "room-1"})["events"] == [])
    assert [(each["id"], each["aggregate_id"]) for each in received(channel)] == [
        (f"e-{n}", "room-1") for n in (0, 1, 3, 4)
    ]
    assert database.projected.count_documents({}) == 5


def test_an_entry_added_while_its_document_is_being_sent_stays(broker, channel, database):
    source = lamps.Lamps.relay.sources[1]
    database.rooms.insert_one({"_id": "r", "organisation_id": "o-1", "events": [lamps.entry("e-1")]})
    found = source.read(database, lamps_wanted())
    database.rooms.update_one({"_id": "r"}, {"$push": {"events": lamps.entry("e-2", sequence=2)}})
    source.mark(database, found)
    assert [each["id"] for each in database.rooms.find_one({"_id": "r"})["events"]] == ["e-2"]


def lamps_wanted():
    return Wanted(subscribed={"lamp_lit"})


def test_two_relays_side_by_side_send_every_row_once(broker, channel, database):
    with lamps_running(database), lamps_running(database):
        for n in range(60):
            database.outbox.insert_many([lamps.lit("kitchen", sequence=n * 5 + k) for k in range(5)])
        eventually(lambda: database.outbox.count_documents({"sent_at": {"$exists": True}}) == 300)
    assert [each["sequence"] for each in received(channel)] == list(range(300))


def test_the_other_copy_goes_on_when_one_stops(broker, channel, database):
    with lamps_running(database):
        with lamps_running(database):
            pass
        with lamps_running(database):
            row = lamps.lit("kitchen")
            database.outbox.insert_one(row)
            eventually(lambda: waits(channel) == 1)
    assert [each["id"] for each in received(channel)] == [row["_id"]]


def test_a_message_that_no_queue_takes_is_kept_and_does_not_hold_up_the_others(broker, channel, database):
    channel.queue_unbind(QUEUE, "lamps.events", "lamp_lit")
    try:
        database.outbox.insert_many([lamps.lit("kitchen"), lamps.lit("cellar", name="lamp_put_out")])
        with lamps_running(database):
            eventually(lambda: waits(channel, "meters.lamps.lamp_put_out") == 1)
            assert database.outbox.count_documents({"pending": {"$exists": True}, "name": "lamp_lit"}) == 1
            channel.queue_bind(QUEUE, "lamps.events", "lamp_lit")
            eventually(lambda: waits(channel) == 1)
    finally:
        channel.queue_bind(QUEUE, "lamps.events", "lamp_lit")


def test_a_document_on_which_the_service_breaks_does_not_hold_up_the_others(broker, channel, database):
    broken = {"id": "e-0", "name": "lamp_lit"}
    database.rooms.insert_one({"_id": "broken", "organisation_id": "o-1", "events": [broken]})
    database.rooms.insert_one({"_id": "whole", "organisation_id": "o-1", "events": [lamps.entry("e-1")]})
    with lamps_running(database):
        eventually(lambda: waits(channel) == 1)
    assert database.rooms.find_one({"_id": "broken"})["events"] == [broken]


def test_an_event_that_breaks_its_contract_is_not_sent_in_tests(broker, channel, database):
    bad = lamps.lit("kitchen")
    bad["data"] = {"house": 1}
    database.outbox.insert_many([bad, lamps.lit("cellar")])
    with lamps_running(database):
        eventually(lambda: waits(channel) == 1)
    assert [each["data"] for each in received(channel)] == [{"room": "cellar"}]


def test_a_document_that_breaks_the_projection_does_not_hold_up_the_others(
    broker, channel, database, monkeypatch
):
    def breaks_on_one(found, batch):
        if any(each.document["_id"] == "broken" for each in batch):
            raise RuntimeError
        lamps.project(found, batch)

    source = Documents("rooms", project=breaks_on_one)
    monkeypatch.setattr(lamps.Lamps, "relay", Relay(lamps.EVENTS, [source]))
    for room in ("broken", "whole"):
        document = {"_id": room, "organisation_id": "o-1", "events": [lamps.entry(f"{room}-1")]}
        database.rooms.insert_one(document)
    with lamps_running(database):
        eventually(lambda: waits(channel) == 1)
    assert [each["id"] for each in received(channel)] == ["whole-1"]


def test_what_fails_again_waits_twice_as_long_up_to_a_limit():
    back_off = BackOff(limit=2)
    assert [back_off.add("a") for _ in range(5)] == [1, 2, 4, 5, 5]
    back_off.forget("a")
    assert back_off.add("a") == 1
    back_off.add("b")
    back_off.add("c")
    assert back_off.waiting() == ["a", "b"]
