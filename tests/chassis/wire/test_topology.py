"""The generated topology, and on a real broker what its users may and may not do."""

import os
import re
import shlex
import subprocess
from urllib.parse import urlsplit

import amqp
import lamps
import pytest
from marshmallow import Schema

from chassis.doors.capabilities import Needs
from chassis.doors.events import on_event
from chassis.doors.rpc import rpc
from chassis.doors.timers import every
from chassis.testing import eventually
from chassis.testing.fixtures import delete_queues
from chassis.wire import topology
from chassis.wire.publisher import Message, Publisher
from chassis.wire.topology import Service

HEARD = frozenset({("radios", "tuned")})


class Switchboard:
    name = "switchboard"

    @rpc(Needs({"gateway": {"person"}, "lamps": {"service"}}), request=Schema(), reply=Schema())
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
    assert queue["arguments"] == {"x-queue-type": "quorum"}
    bound = {
        (each["source"], each["routing_key"])
        for each in built["bindings"]
        if each["destination"] == queue["name"]
    }
    assert bound == {("lamps.events", "lamp_lit"), ("meters.back", "*.meters.lamps.lamp_lit")}


KEPT = {"max-length": 100_000, "overflow": "reject-publish", "dead-letter-strategy": "at-least-once"}

LIMITS = [
    ("meters.lamps.lamp_lit", {**KEPT, "dead-letter-exchange": "meters.dead", "delivery-limit": 5}),
    ("meters.wait.1", {**KEPT, "dead-letter-exchange": "meters.back", "message-ttl": 1_000}),
    ("meters.wait.8", {**KEPT, "dead-letter-exchange": "meters.back", "message-ttl": 8_000}),
    ("meters.dead", {}),
    ("rpc-lamps", {"max-length": 5_000, "overflow": "reject-publish"}),
]


@pytest.mark.parametrize(("queue", "limits"), LIMITS)
def test_the_limits_of_a_queue_are_a_policy(queue, limits):
    built = topology.build(lamps.PARTS)
    assert queue in {each["name"] for each in built["queues"]}
    assert topology.limits_of(queue, built["policies"]) == limits


def test_no_queue_is_under_two_policies():
    built = topology.build(lamps.PARTS)
    for queue in built["queues"]:
        fitting = [each["name"] for each in built["policies"] if re.search(each["pattern"], queue["name"])]
        assert len(fitting) <= 1, queue["name"]


@pytest.mark.own_broker
def test_what_is_published_beyond_the_limit_of_a_queue_is_refused(virtual_host):
    name = urlsplit(virtual_host).path[1:]
    control = shlex.split(os.environ["RABBITMQCTL"])
    policy = ["set_policy", "-p", name, "--priority", "9", "small", r"^meters\.lamps\.lamp_lit$"]
    subprocess.run([*control, *policy, '{"max-length": 2, "overflow": "reject-publish"}'], check=True)
    publisher = Publisher(virtual_host)
    try:
        told = [publisher.publish([Message("lamps.events", "lamp_lit", b"{}", "id")])[0] for _ in range(6)]
    finally:
        publisher.close()
        subprocess.run([*control, "clear_policy", "-p", name, "small"], check=True)
    assert told[:2] == [True, True]
    assert told[-1] is False


def test_where_no_policy_can_be_made_the_limits_are_arguments(broker, channel):
    built = topology.build([topology.Service("radios"), topology.Service("ears", hears=HEARD)])
    topology.declare(broker, built)
    with pytest.raises(amqp.PreconditionFailed, match="x-"):
        channel.queue_declare(
            "ears.radios.tuned", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
        )
    delete_queues(broker, built)


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


@pytest.mark.own_broker
def test_declaring_twice_changes_nothing(broker, channel):
    channel.basic_publish(amqp.Message("{}"), "lamps.events", "lamp_lit")
    topology.declare(broker, {**topology.build(lamps.PARTS), "policies": []})
    kept = eventually(lambda: channel.basic_get("meters.lamps.lamp_lit", no_ack=True))
    assert kept.body == "{}"
