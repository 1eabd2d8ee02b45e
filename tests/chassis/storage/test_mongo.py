import contextlib
import socket
import threading
from datetime import UTC, datetime

import eventlet
import pytest
from pymongo.errors import (
    BulkWriteError,
    DuplicateKeyError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteConcernError,
)

from chassis.storage import mongo

FREED_AFTER_S = 2.0  # longer than ten attempts take


def test_every_write_is_journaled_by_a_majority(mongo_database):
    concern = mongo_database.write_concern.document
    assert concern == {"w": "majority", "j": True}


def test_instants_come_back_aware(mongo_database):
    mongo_database.things.insert_one({"_id": 1, "at": datetime.now(UTC)})
    assert mongo_database.things.find_one()["at"].tzinfo is not None


def test_no_operation_waits_for_the_database_longer_than_three_seconds():
    with contextlib.closing(mongo.connect("mongodb://127.0.0.1:1/")) as client:
        assert client.options.timeout <= 3
        assert client.options.server_selection_timeout < client.options.timeout


def test_a_database_that_is_away_is_told():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    client = mongo.connect(f"mongodb://127.0.0.1:{port}/?directConnection=true")
    with pytest.raises(ServerSelectionTimeoutError) as caught:
        client.db.things.find_one()
    assert mongo.is_outage(caught.value)
    client.close()


def test_a_database_that_accepts_and_never_answers_is_told_too():
    server = socket.create_server(("127.0.0.1", 0))
    accepted = []
    threading.Thread(target=lambda: accepted.append(server.accept()), daemon=True).start()
    client = mongo.connect(f"mongodb://127.0.0.1:{server.getsockname()[1]}/?directConnection=true")
    with pytest.raises(PyMongoError) as caught:
        client.db.things.find_one()
    assert mongo.is_outage(caught.value)
    client.close()
    server.close()


def test_a_bug_is_no_outage(mongo_database):
    mongo_database.things.insert_one({"_id": 1})
    with pytest.raises(DuplicateKeyError) as twice:
        mongo_database.things.insert_one({"_id": 1})
    with pytest.raises(OperationFailure) as wrong:
        mongo_database.things.find_one({"$nonsense": 1})
    assert not mongo.is_outage(twice.value)
    assert not mongo.is_outage(wrong.value)
    assert not mongo.is_outage(None)


@pytest.mark.parametrize(
    "error",
    [
        OperationFailure("Read concern majority reads are currently not possible", 134),
        OperationFailure("No keys found for HMAC that is valid for time", 211),
        OperationFailure("No space left on device", 14031),
        WriteConcernError("operation was interrupted", 11602),
    ],
    ids=["no majority yet", "no keys yet", "no room", "not known by a majority"],
)
def test_a_database_that_is_just_coming_or_going_is_an_outage(error):
    assert mongo.is_outage(error)


def test_transactions_that_collide_all_succeed_in_the_end(mongo_database):
    mongo_database.things.insert_one({"_id": 1, "n": 0})

    def add(_):
        def work(session):
            n = mongo_database.things.find_one({"_id": 1}, session=session)["n"]
            eventlet.sleep(0.002)
            mongo_database.things.update_one({"_id": 1}, {"$set": {"n": n + 1}}, session=session)

        mongo.in_transaction(mongo_database, work, patience_s=60)

    pool = eventlet.GreenPool(5)
    list(pool.imap(add, range(15)))
    assert mongo_database.things.find_one({"_id": 1})["n"] == 15


def test_without_a_transaction_the_same_additions_are_lost(mongo_database):
    """The positive control of the test above: the additions do collide."""
    mongo_database.things.insert_one({"_id": 1, "n": 0})

    def add(_):
        n = mongo_database.things.find_one({"_id": 1})["n"]
        eventlet.sleep(0.002)
        mongo_database.things.update_one({"_id": 1}, {"$set": {"n": n + 1}})

    pool = eventlet.GreenPool(5)
    list(pool.imap(add, range(15)))
    assert mongo_database.things.find_one({"_id": 1})["n"] < 15


def test_what_the_work_raises_aborts_and_is_raised_at_once(mongo_database):
    runs = []

    def work(session):
        runs.append(1)
        mongo_database.things.insert_one({"_id": 1}, session=session)
        raise KeyError("missing")

    with pytest.raises(KeyError, match="missing"):
        mongo.in_transaction(mongo_database, work)
    assert runs == [1]
    assert mongo_database.things.count_documents({}) == 0


@pytest.mark.parametrize(("limit_s", "tried"), [(600, mongo.TRANSACTION_ATTEMPTS_MAX), (0, 1)])
def test_a_transaction_that_always_collides_gives_up_after_so_many_attempts_or_so_long(
    mongo_database, monkeypatch, limit_s, tried
):
    monkeypatch.setattr(mongo, "TRANSACTION_MAX_S", limit_s)
    attempts = []

    def work(session):
        attempts.append(1)
        raise OperationFailure("again", details={"errorLabels": ["TransientTransactionError"]})

    with pytest.raises(OperationFailure):
        mongo.in_transaction(mongo_database, work)
    assert len(attempts) == tried


def test_a_transaction_that_a_dead_process_left_open_is_an_outage_to_be_waited_out(mongo_database):
    """mongod does not hear of the death: the document stays locked until the transaction's lifetime ends."""
    mongo_database.things.insert_one({"_id": "a", "n": 0})

    def add(session):
        mongo_database.things.update_one({"_id": "a"}, {"$inc": {"n": 1}}, session=session)

    with mongo_database.client.start_session() as dead:
        dead.start_transaction()
        add(dead)
        with pytest.raises(PyMongoError) as locked:
            mongo.in_transaction(mongo_database, add)
        assert mongo.is_outage(locked.value)
        dead.abort_transaction()
    mongo.in_transaction(mongo_database, add)
    assert mongo_database.things.find_one()["n"] == 1


def test_a_command_waits_until_mongod_has_freed_what_its_killed_predecessor_held(mongo_database):
    things = mongo_database.things
    things.insert_one({"_id": "x", "n": 0})

    def add(session):
        things.update_one({"_id": "x"}, {"$inc": {"n": 1}}, session=session)

    with mongo_database.client.start_session() as dead:
        dead.start_transaction()
        add(dead)
        eventlet.spawn_after(FREED_AFTER_S, dead.abort_transaction)
        mongo.in_transaction(mongo_database, add, patience_s=60)
    assert things.find_one({"_id": "x"})["n"] == 1


def test_documents_that_are_there_already_are_told_and_left_alone(mongo_database):
    rooms = mongo_database.rooms
    rooms.insert_one({"_id": "kitchen", "lamps": 1})
    there = mongo.insert_missing(rooms, [{"_id": "attic", "lamps": 2}, {"_id": "kitchen", "lamps": 3}])
    assert there == [{"_id": "kitchen", "lamps": 3}]
    assert {room["_id"]: room["lamps"] for room in rooms.find()} == {"attic": 2, "kitchen": 1}
    assert mongo.insert_missing(rooms, []) == []


def test_a_document_that_can_not_be_inserted_for_another_reason_is_no_known_one(mongo_database):
    mongo_database.create_collection("rooms", validator={"lamps": {"$lt": 10}})
    with pytest.raises(BulkWriteError):
        mongo.insert_missing(mongo_database.rooms, [{"_id": "hall", "lamps": 99}])


def test_what_is_too_much_for_one_transaction_may_be_done_in_parts():
    held = OperationFailure("transaction is too large and will not fit in the storage engine cache", 388)
    told = BulkWriteError({"writeErrors": [{"index": 116, "code": 388}], "writeConcernErrors": []})
    other = BulkWriteError({"writeErrors": [{"index": 0, "code": 11000}], "writeConcernErrors": []})
    assert mongo.is_too_large(held)
    assert mongo.is_too_large(told)
    assert not mongo.is_too_large(other)
    assert not mongo.is_too_large(None)
