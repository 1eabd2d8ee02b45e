"""How much waits in a service's own queues, as its metrics page says it."""

import amqp
import lamps
import pytest
from prometheus_client import REGISTRY

from chassis.testing import eventually
from chassis.wire import bus, topology
from chassis.wire.queues import DEAD_LETTERS, MESSAGES, QueueLook, queues_of

METERS = lamps.PARTS[1]
LIT = "meters.lamps.lamp_lit"


@pytest.fixture
def look(broker):
    made = QueueLook(broker, "meters", queues_of(METERS))
    yield made
    made.close()


def put(channel, queue, count):
    for _ in range(count):
        channel.basic_publish(amqp.Message(b"{}"), "", queue)


def shown(look):
    readings = look.read()
    waiting = {reading.labels[0]: reading.value for reading in readings if reading.gauge is MESSAGES}
    return waiting, [reading.value for reading in readings if reading.gauge is DEAD_LETTERS]


@pytest.mark.pure
def test_the_queues_of_a_service_are_its_requests_its_handlers_its_retries_and_its_dead():
    found = queues_of(METERS)
    assert found == {
        "rpc-meters": "requests",
        LIT: "events",
        "meters.lamps.lamp_put_out": "events",
        **{f"meters.wait.{delay_s}": "retry" for delay_s in topology.RETRY_DELAYS_S},
        "meters.dead": "dead",
    }


def test_what_waits_is_counted_queue_by_queue_and_nothing_is_taken(look, channel):
    put(channel, LIT, 3)
    put(channel, "meters.dead", 2)
    eventually(lambda: shown(look)[1] == [2])  # the broker takes what is published in its own time
    for _ in range(2):
        waiting, dead = shown(look)
        assert (waiting[LIT], waiting["meters.dead"], waiting["rpc-meters"], dead) == (3, 2, 0, [2])


def test_a_connection_that_was_lost_since_is_made_anew(look):
    look.read()
    look._broker._connection.transport.sock.close()
    assert shown(look)[0][LIT] == 0


def test_a_queue_that_is_not_there_is_left_out_and_counted(broker):
    def failures():
        return REGISTRY.get_sample_value("marelle_gauge_failures_total", {"gauge": MESSAGES.name}) or 0

    before = failures()
    look = QueueLook(broker, "meters", {"meters.gone": "events", LIT: "events"})
    assert shown(look) == ({LIT: 0}, [])
    assert failures() == before + 1
    look.close()


def test_without_a_broker_the_look_fails():
    with pytest.raises(bus.BUS_ERRORS):
        QueueLook("amqp://127.0.0.1:1/", "meters", {LIT: "events"}).read()
