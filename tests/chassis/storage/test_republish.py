"""Republishing: what was sent waits once more, as it was, and is taken in by whoever has not heard it."""

from datetime import UTC, datetime, timedelta

import click
import lamps
import pytest
from click.testing import CliRunner

from chassis.storage import expiry, inbox
from chassis.storage.outbox import Rows, republish_command
from chassis.storage.outbox.republish import Chosen, republish
from chassis.storage.outbox.sources import Wanted
from chassis.testing import eventually, running
from chassis.values.clock import Clock
from chassis.values.ids import named_id

EVER = datetime(2000, 1, 1, tzinfo=UTC)
TOWN = named_id("", "organisation", "carteville")
WANTED = Wanted(frozenset(lamps.EVENTS))


@pytest.fixture
def database(mongo_database):
    Rows().ensure_indexes(mongo_database)
    return mongo_database


def sent(database, *rows, at=None):
    """Rows that were sent, as the relay leaves them; `at` is when, if not just now."""
    database.outbox.insert_many(rows)
    source = Rows()
    source.mark(database, source.read(database, WANTED))
    if at is not None:
        database.outbox.update_many({"_id": {"$in": [row["_id"] for row in rows]}}, {"$set": {"sent_at": at}})


def waiting(database):
    return [each.event for each in Rows().read(database, WANTED)]


def test_what_was_sent_waits_again_as_it_was_in_the_order_of_its_first_time(database):
    rows = [lamps.lit(f"room {n}", sequence=n, aggregate_id=f"lamp-{n % 3}") for n in range(50)]
    sent(database, *rows)
    assert republish(database, Chosen(EVER)) == 50
    again = waiting(database)
    assert [each.id for each in again] == [row["_id"] for row in rows]
    assert [(each.sequence, each.aggregate_id) for each in again] == [
        (row["sequence"], row["aggregate_id"]) for row in rows
    ]


def test_many_rows_are_armed_batch_by_batch_in_order(database, monkeypatch):
    monkeypatch.setattr("chassis.storage.outbox.republish.ROWS_READ", 7)
    monkeypatch.setattr("chassis.storage.outbox.republish.ROWS_ARMED", 4)
    rows = [lamps.lit("kitchen", sequence=n) for n in range(30)]
    sent(database, *rows)
    assert republish(database, Chosen(EVER)) == 30
    assert [each.sequence for each in waiting(database)] == list(range(30))


def test_what_is_republished_leaves_after_what_waits(database):
    old, new = lamps.lit("kitchen"), lamps.lit("cellar", sequence=2)
    sent(database, old)
    database.outbox.insert_one(new)
    republish(database, Chosen(EVER))
    assert [each.id for each in waiting(database)] == [new["_id"], old["_id"]]


def test_what_waits_already_is_left_alone(database):
    sent(database, lamps.lit("kitchen"))
    assert [republish(database, Chosen(EVER)) for _ in range(2)] == [1, 0]
    assert len(waiting(database)) == 1


def test_rows_of_the_release_before_have_no_place_and_come_first(database):
    old, new = [lamps.lit("kitchen", sequence=n) for n in (2, 1)], lamps.lit("cellar", sequence=3)
    sent(database, *old)
    database.outbox.update_many({}, {"$unset": {"place": ""}})
    sent(database, new)
    republish(database, Chosen(EVER))
    assert [each.sequence for each in waiting(database)] == [1, 2, 3]


def test_a_row_keeps_the_instant_at_which_it_was_sent_first(database):
    first = datetime(2026, 11, 1, 8, tzinfo=UTC)
    sent(database, lamps.lit("kitchen"), at=first)
    republish(database, Chosen(EVER))
    source = Rows()
    source.mark(database, source.read(database, WANTED))
    assert database.outbox.find_one()["sent_at"] == first


@pytest.mark.parametrize(
    ("arguments", "rooms"),
    [
        (["--organisation", "all"], ["kitchen", "cellar", "hall"]),
        (["--organisation", "carteville"], ["hall"]),
        (["--organisation", "all", "--event", "lamp_put_out"], ["cellar"]),
        (["--organisation", "all", "--since", "{yesterday}"], ["cellar", "hall"]),
        (["--organisation", "nowhere"], []),
    ],
)
def test_an_operator_chooses_by_organisation_event_and_instant(database, arguments, rooms):
    now = datetime.now(UTC)
    sent(database, lamps.lit("attic"), at=now - timedelta(days=30, minutes=1))
    sent(database, lamps.lit("kitchen"), at=now - timedelta(days=2))
    sent(database, lamps.lit("cellar", name="lamp_put_out"))
    sent(database, {**lamps.lit("hall"), "organisation_id": TOWN})
    yesterday = (now - timedelta(days=1)).isoformat()
    result = run(*(each.format(yesterday=yesterday) for each in arguments))
    assert result.output == f"events to be sent again: {len(rooms)}\n"
    assert [each.data["room"] for each in waiting(database)] == rooms


def run(*arguments, state=None):
    group = click.Group(commands={"republish": republish_command("lamps", state)})
    return CliRunner().invoke(group, ["republish", *arguments])


def test_an_instant_without_a_zone_is_none(database):
    result = run("--organisation", "all", "--since", "2026-11-16T08:00:00")
    assert result.exit_code == 2
    assert "an instant is written" in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "as they stand"),
        (["--kept"], "events to be sent again: 1"),
        (["--event", "lamp_lit"], "events to be sent again: 1"),
    ],
)
def test_a_service_that_can_tell_how_things_stand_does_so_unless_it_is_asked_for_what_it_kept(
    database, arguments, told
):
    sent(database, lamps.lit("kitchen"))
    result = run("--organisation", "all", *arguments, state=lambda _database, _organisation: "as they stand")
    assert result.output == f"{told}\n"


def test_an_event_that_was_taken_in_does_nothing_twice_and_one_that_was_lost_is_made_good(
    broker, channel, database, monkeypatch
):
    monkeypatch.setattr(lamps, "behaviour", lamps.count)
    name = database.name
    with running(lamps.Lamps, MONGODB_DATABASE=name), running(lamps.Meters, MONGODB_DATABASE=name):
        database.outbox.insert_many([lamps.lit(f"room {n}", sequence=n) for n in range(20)])
        eventually(lambda: database.lit.count_documents({}) == 20, 10)
        lost = {"room": {"$in": ["room 3", "room 7"]}}
        events = database.lit.distinct("event", lost)
        database.lit.delete_many(lost)
        database.inbox.delete_many({"_id": {"$in": [f"count:{each}" for each in events]}})
        assert republish(database, Chosen(EVER)) == 20
        eventually(lambda: database.deliveries.count_documents({}) == 40, 10)
        eventually(lambda: database.lit.count_documents({}) == 20, 10)
    assert len(database.lit.distinct("room")) == 20


def test_a_shorter_time_of_the_release_before_is_replaced_and_that_release_still_starts(mongo_database):
    collection, now = mongo_database.outbox, Clock().now()
    collection.insert_one({"sent_at": now})

    def release_before():
        collection.create_index("sent_at", expireAfterSeconds=7 * 86_400, name="outbox_sent_kept")

    for _ in range(2):
        release_before()
        for _ in range(2):
            Rows().ensure_indexes(mongo_database)
        kept = {
            name: index["expireAfterSeconds"]
            for name, index in collection.index_information().items()
            if "expireAfterSeconds" in index
        }
        assert kept == {"outbox_sent_kept_31_days": 31 * 86_400}


def test_another_copy_may_have_replaced_it_already(mongo_database, monkeypatch):
    collection = mongo_database.inbox
    inbox.ensure_indexes(mongo_database)
    monkeypatch.setattr(type(collection), "index_information", lambda _self: {"inbox_kept": {}})
    expiry.let_go(collection, "at", inbox.KEPT_S, name="inbox_kept_62_days", instead_of="inbox_kept")


def test_an_inbox_remembers_an_event_for_longer_than_it_can_be_republished():
    assert inbox.KEPT_S > 2 * 30 * 86_400
