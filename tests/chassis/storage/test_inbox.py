from datetime import UTC, datetime

import eventlet
import pytest

from chassis.storage import inbox, mongo
from chassis.values.event import Event
from chassis.values.ids import new_id


def _event(**fields):
    return Event(
        **{
            "id": new_id(),
            "name": "lamp_lit",
            "version": 1,
            "organisation_id": "o-1",
            "aggregate_id": "lamp-1",
            "sequence": 1,
            "occurred_at": datetime.now(UTC),
            "causation_id": None,
            "correlation_id": "r-1",
            "data": {},
            **fields,
        }
    )


@pytest.fixture
def database(mongo_database):
    inbox.ensure_indexes(mongo_database)
    mongo_database.create_collection("effects")
    return mongo_database


def test_an_event_counts_once_for_each_handler(database):
    event = _event()
    assert inbox.once(database, event, "light", None)
    assert not inbox.once(database, event, "light", None)
    assert inbox.once(database, event, "count", None)


def test_an_effect_that_is_rolled_back_leaves_the_event_new(database):
    event = _event()

    def work(session):
        assert inbox.once(database, event, "light", session)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        mongo.in_transaction(database, work)
    assert inbox.once(database, event, "light", None)


def test_two_deliveries_at_once_have_one_effect(database):
    event = _event()

    def deliver():
        def work(session):
            if inbox.once(database, event, "light", session):
                database.effects.update_one({"_id": 1}, {"$inc": {"n": 1}}, upsert=True, session=session)

        mongo.in_transaction(database, work)

    threads = [eventlet.spawn(deliver) for _ in range(8)]
    for thread in threads:
        thread.wait()
    assert database.effects.find_one({"_id": 1})["n"] == 1


def test_without_the_inbox_two_deliveries_have_two_effects(database):
    """The positive control of the test above: the deliveries do run."""

    def work(session):
        database.effects.update_one({"_id": 1}, {"$inc": {"n": 1}}, upsert=True, session=session)

    for _ in range(2):
        mongo.in_transaction(database, work)
    assert database.effects.find_one({"_id": 1})["n"] == 2
