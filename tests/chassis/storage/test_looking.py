"""What the metrics page says of the outbox, of leases and of the database's connections."""

import os
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from chassis.storage import mongo
from chassis.storage.connections import Connections
from chassis.storage.lease import Lease
from chassis.storage.outbox import Documents, Rows, looking, row
from chassis.storage.outbox.sources import Backlog, Waiting
from chassis.testing.plans import recorded

LONG_AGO = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def database(mongo_database):
    Rows().ensure_indexes(mongo_database)
    Documents("rooms").ensure_indexes(mongo_database)
    return mongo_database


def keep_row(database, number):
    event = row(
        "lamp_lit",
        context_or_org="o-1",
        aggregate_id=f"lamp-{number}",
        sequence=number,
        data={"room": "hall"},
        occurred_at=LONG_AGO,
        request_id="r",
    )
    database.outbox.insert_one(event)
    return event["_id"]


def keep_document(database, name, *ats):
    events = [{"id": f"{name}:{number}", "name": "lamp_lit", "at": at} for number, at in enumerate(ats)]
    database.rooms.insert_one({"_id": name, "organisation_id": "o-1", "events": events})


def lease(database, holder="me", lasts_s=60.0):
    return Lease(database["relay_leases"], "outbox", holder, lasts_s=lasts_s)


def shown(looks):
    return {(r.gauge.name, *r.labels): r.value for look in looks for r in look.read()}


def test_rows_that_wait_are_counted_with_the_age_of_the_first(database):
    sent, *_ = [keep_row(database, number) for number in range(3)]
    Rows().mark(database, [Waiting("lamp_lit", None, sent, sent)])
    backlog = Rows().backlog(database)
    assert backlog.waiting == 2
    assert datetime.now(UTC) - backlog.since < timedelta(minutes=5)


def test_events_in_documents_are_counted_with_the_age_of_the_first(database):
    keep_document(database, "hall", LONG_AGO + timedelta(minutes=1), LONG_AGO)
    keep_document(database, "cellar", LONG_AGO + timedelta(minutes=2))
    keep_document(database, "attic")
    backlog = Documents("rooms").backlog(database)
    assert backlog.waiting == 3
    assert abs(backlog.since - LONG_AGO) < timedelta(seconds=1)


def test_where_nothing_waits_nothing_is_old(database):
    keep_document(database, "attic")
    assert Rows().backlog(database) == Documents("rooms").backlog(database) == Backlog(0, None)


def test_a_lease_tells_who_has_it_and_since_when_it_was_renewed(database):
    mine, theirs = lease(database), lease(database, "them")
    assert mine.state() == (False, None)
    mine.prepare()
    assert mine.state() == (False, None)
    assert mine.held()
    held, age_s = mine.state()
    assert held
    assert 0 <= age_s < 300
    assert theirs.state()[0] is False
    assert theirs.state()[1] is not None


def test_a_lease_that_was_given_back_is_nobodys_and_keeps_its_age(database):
    mine = lease(database)
    mine.prepare()
    mine.held()
    mine.release()
    held, age_s = mine.state()
    assert not held
    assert age_s < 300


def test_a_lease_that_a_copy_of_the_release_before_took_has_no_age_yet(database):
    database.relay_leases.insert_one({"_id": "outbox", "holder": "them", "until": datetime.now(UTC)})
    assert lease(database).state() == (False, None)


def test_the_page_shows_all_sources_together_and_each_lease(database):
    keep_row(database, 1)
    keep_document(database, "hall", LONG_AGO)
    taken = lease(database)
    taken.prepare()
    taken.held()
    runs = [
        SimpleNamespace(source=Rows(), lease=taken),
        SimpleNamespace(source=Documents("rooms"), lease=taken),
    ]
    found = shown(looking.looks(database, runs))
    assert found["marelle_outbox_waiting",] == 2
    assert 3_500 < found["marelle_outbox_age_seconds",] < 7_200
    assert found["marelle_lease_held", "outbox"] == 1
    assert found["marelle_lease_age_seconds", "outbox"] < 300


def test_no_look_reads_a_whole_collection(database):
    for number in range(30):
        keep_row(database, number)
        keep_document(database, f"room-{number}", *([LONG_AGO] if number % 3 == 0 else []))
    taken = lease(database)
    taken.prepare()
    runs = [SimpleNamespace(source=source, lease=taken) for source in (Rows(), Documents("rooms"))]
    with recorded(database) as plans:
        shown(looking.looks(database, runs))
    assert len(plans) >= 4
    assert [plan for plan in plans if "COLLSCAN" in plan[1]] == []


def test_connections_to_the_database_are_counted_as_they_are_used(database):
    connections = Connections()
    with mongo.connect(os.environ["MONGODB_URI"], connections) as client:
        assert connections.count() == (0, 0)
        rooms = client[database.name].rooms
        keep_document(database, "hall")
        assert rooms.find_one({"_id": "hall"})
        assert connections.count() == (0, 1)
    assert connections.count() == (0, 0)


@pytest.mark.pure
def test_a_connection_that_something_uses_is_not_idle():
    connections = Connections()
    for _ in range(2):
        connections.connection_created(None)
    connections.connection_checked_out(None)
    assert connections.count() == (1, 1)
    connections.connection_checked_in(None)
    connections.connection_closed(None)
    assert connections.count() == (0, 1)
