"""Who wakes whom: the writer its own relay, and that one the copy that holds the lease."""

import lamps
import pytest

from chassis.storage.outbox import Relay, Rows, relay, sending
from chassis.testing import eventually, running
from chassis.wire.bell import CopiesBell
from tests.chassis.conftest import NEVER_S
from tests.chassis.hearing import QUEUE, waits


@pytest.fixture
def database(mongo_database):
    Rows().ensure_indexes(mongo_database)
    return mongo_database


@pytest.fixture
def unasked(monkeypatch):
    """No relay looks by itself, and a lease is never given up: what is sent, somebody was woken for."""
    for module, name in (
        (relay, "POLL_S"),
        (relay, "LOOK_AGAIN_S"),
        (sending, "LOOK_AGAIN_S"),
        (relay, "LEASE_S"),
    ):
        monkeypatch.setattr(module, name, NEVER_S)


@pytest.fixture
def rung(monkeypatch):
    """Whose bell was rung; no copy hears it."""
    bells = []

    def ring(bell):
        bells.append(bell)

    monkeypatch.setattr(CopiesBell, "ring", ring)
    return bells


def lamps_running(database):
    return running(lamps.Lamps, MONGODB_DATABASE=database.name)


def relay_of(container):
    return next(each for each in container.dependencies if isinstance(each, Relay))


def light(database, copy):
    """Write an event, and wake the relay of this copy, as a door of it does."""
    database.outbox.insert_one(lamps.lit("kitchen"))
    relay_of(copy).get_dependency(None).wake()


def test_what_one_copy_writes_the_copy_that_holds_the_lease_is_woken_to_send(
    broker, channel, database, unasked
):
    with lamps_running(database) as holder, lamps_running(database) as writer:
        light(database, holder)
        eventually(lambda: waits(channel, QUEUE) == 1)
        light(database, writer)
        eventually(lambda: waits(channel, QUEUE) == 2)
    channel.queue_purge(QUEUE)


def test_without_the_bell_it_waits_until_the_other_copy_looks(broker, channel, database, unasked, rung):
    """The control of the test above: nothing but the bell wakes the other copy."""
    with lamps_running(database) as holder, lamps_running(database) as writer:
        light(database, holder)
        eventually(lambda: waits(channel, QUEUE) == 1)
        light(database, writer)
        eventually(lambda: relay_of(writer)._bell in rung)  # once more if it also looked while it began
        assert database.outbox.count_documents({"pending": {"$exists": True}}) == 1
        relay_of(holder).wake()
        eventually(lambda: waits(channel, QUEUE) == 2)
    channel.queue_purge(QUEUE)


def test_the_copy_that_holds_the_lease_rings_for_nobody(broker, channel, database, unasked, rung):
    with lamps_running(database) as alone:
        for number in range(1, 4):
            light(database, alone)
            eventually(lambda number=number: waits(channel, QUEUE) == number)
    assert rung == []
    channel.queue_purge(QUEUE)


def test_a_broker_that_knows_of_no_bell_has_everything_sent_all_the_same(broker, channel, database):
    channel.exchange_delete("lamps.bell")
    try:
        with lamps_running(database) as alone:
            light(database, alone)
            eventually(lambda: waits(channel, QUEUE) == 1)
    finally:
        channel.exchange_declare("lamps.bell", "fanout", durable=True, auto_delete=False)
        channel.queue_purge(QUEUE)


def test_what_nobody_rang_for_is_found_by_looking(broker, channel, database):
    """As after a writer that died before it rang, and what a command of an operator writes."""
    with lamps_running(database):
        database.outbox.insert_one(lamps.lit("cellar"))
        eventually(lambda: waits(channel, QUEUE) == 1)
    channel.queue_purge(QUEUE)


def test_a_bell_is_heard_again_after_its_connection_was_lost(cable, channel, database, unasked):
    with (
        running(lamps.Lamps, MONGODB_DATABASE=database.name) as holder,
        running(lamps.Lamps, MONGODB_DATABASE=database.name, AMQP_URI=cable.uri) as writer,
    ):
        light(database, holder)
        eventually(lambda: waits(channel, QUEUE) == 1)
        before = relay_of(writer)._bell.channel
        cable.pull()
        cable.plug()
        eventually(lambda: relay_of(writer)._bell.channel not in {before, None})
        light(database, writer)
        eventually(lambda: waits(channel, QUEUE) == 2)
    channel.queue_purge(QUEUE)
