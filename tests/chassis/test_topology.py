"""The generated topology, and on a real broker what its users may and may not do."""

import amqp
import lamps
from marshmallow import Schema

from chassis.doors.events import on_event
from chassis.doors.rpc import rpc
from chassis.doors.timers import every
from chassis.testing import eventually
from chassis.wire import topology
from chassis.wire.topology import Service


class Switchboard:
    name = "switchboard"

    @rpc(accepts={"gateway": {"person"}, "lamps": {"service"}}, request=Schema(), reply=Schema())
    def connect(self, context, request):
        return {}

    @on_event("lamps", "lamp_lit")
    def on_lamp_lit(self, event):
        """Nothing to do."""

    @every(seconds=1)
    def tick(self):
        """Nothing to do."""


def test_a_service_is_described_by_its_doors_its_handlers_and_its_contract():
    assert topology.describe("switchboard", Switchboard, lamps.EVENTS) == Service(
        "switchboard",
        {"lamp_lit": ("meters",), "lamp_put_out": ("meters",), "lamp_dusted": ()},
        {"connect": ("gateway", "lamps")},
        frozenset({("lamps", "lamp_lit")}),
    )


def test_a_service_that_is_not_written_yet_has_its_user_and_nothing_to_say():
    described = topology.describe("switchboard", None, {})
    built = topology.build([described], ["gateway"])
    assert [user["name"] for user in built["users"]] == ["gateway", "switchboard"]


def test_every_subscriber_has_a_quorum_queue_bound_to_its_producer():
    built = topology.build(lamps.PARTS)
    [queue] = [each for each in built["queues"] if each["name"] == "meters.lamps.lamp_lit"]
    assert queue["arguments"] == {
        "x-queue-type": "quorum",
        "x-delivery-limit": 5,
        "x-max-length": 100_000,
        "x-overflow": "reject-publish",
        "x-dead-letter-exchange": "meters.dead",
        "x-dead-letter-strategy": "at-least-once",
    }
    bound = {
        (each["source"], each["routing_key"])
        for each in built["bindings"]
        if each["destination"] == queue["name"]
    }
    assert bound == {("lamps.events", "lamp_lit"), ("meters.back", "*.meters.lamps.lamp_lit")}


def test_an_event_without_subscribers_has_no_queue():
    assert not any("lamp_dusted" in each["name"] for each in topology.build(lamps.PARTS)["queues"])


def test_request_queues_are_classic_and_without_arguments():
    [queue] = [each for each in topology.build(lamps.PARTS)["queues"] if each["name"] == "rpc-lamps"]
    assert (queue["durable"], queue["arguments"]) == (True, {})


def test_contracts_and_handlers_that_disagree_are_named():
    told = Service("lamps", {"lamp_lit": ("meters",), "lamp_broken": ("meters",)})
    heard = Service("meters", hears=frozenset({("lamps", "lamp_lit"), ("lamps", "lamp_stolen")}))
    assert topology.disagreements([told, heard]) == [
        "meters has no handler for lamps.lamp_broken, which names it as subscriber",
        "meters handles lamps.lamp_stolen, whose contract does not name it",
    ]
    assert topology.disagreements(lamps.PARTS) == []


def test_declaring_twice_changes_nothing(broker, channel):
    channel.basic_publish(amqp.Message("{}"), "lamps.events", "lamp_lit")
    topology.declare(broker, topology.build(lamps.PARTS))
    kept = eventually(lambda: channel.basic_get("meters.lamps.lamp_lit", no_ack=True))
    assert kept.body == "{}"
