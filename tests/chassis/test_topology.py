"""The generated topology, and on a real broker what its users may and may not do."""

import base64
import copy
import hashlib
import json
import os
import shlex
import subprocess
from urllib.parse import urlsplit
from uuid import uuid4

import amqp
import lamps
import pytest
from marshmallow import Schema

from chassis import bus, topology
from chassis.doors import every, on_event, rpc
from chassis.topology import Service


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


def test_declaring_twice_changes_nothing(broker):
    topology.declare(broker, topology.build(lamps.PARTS))


PASSWORD = "a long password of a test"


def password_hash(password):
    salt = b"salt"
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


@pytest.fixture(scope="module")
def secured(virtual_host, tmp_path_factory):
    """A virtual host loaded from definitions, and a function that connects to it as one of its users."""
    control = shlex.split(os.environ.get("RABBITMQCTL", ""))
    if not control:
        pytest.skip("users can only be made on a broker of one's own, which RABBITMQCTL rules")
    token = "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex[:8])
    desk, shop = f"{token}desk", f"{token}shop"
    services = [
        Service(desk, {"opened": (shop,)}, {"ask": ("gate" + token, shop)}),
        Service(shop, hears=frozenset({(desk, "opened")})),
    ]
    built = copy.deepcopy(topology.build(services, ["gate" + token], vhost=f"test-{token}"))
    for user in built["users"]:
        user.update(password_hash=password_hash(PASSWORD), hashing_algorithm="rabbit_password_hashing_sha256")
    file = tmp_path_factory.mktemp("definitions") / "definitions.json"
    file.write_text(json.dumps(built))
    subprocess.run([*control, "import_definitions", str(file)], check=True, capture_output=True)
    connections = []

    def connect(name):
        where = urlsplit(virtual_host)
        user = f"{token}{name}" if name != "gate" else f"gate{token}"
        login = f"{user}:{PASSWORD.replace(' ', '%20')}@{where.hostname}:{where.port}"
        connection = bus.connect(f"amqp://{login}/test-{token}", name="test", timeout_s=5)
        connections.append(connection)
        return connection.channel()

    yield token, connect
    for connection in connections:
        connection.collect()
    subprocess.run([*control, "delete_vhost", f"test-{token}"], check=True, capture_output=True)
    for user in built["users"]:
        subprocess.run([*control, "delete_user", user["name"]], check=True, capture_output=True)


def publish(channel, exchange, key):
    """Publish and wait until the broker has either taken or refused it."""
    channel.basic_publish(amqp.Message("{}"), exchange, key)
    channel.basic_qos(0, 1, a_global=False)


def test_a_caller_may_call_what_accepts_it_and_hear_its_own_replies(secured):
    token, connect = secured
    channel = connect("gate")
    queue = bus.reply_queue(f"gate{token}", "1")
    channel.queue_declare(queue, durable=False, exclusive=True, auto_delete=True)
    channel.queue_bind(queue, bus.RPC_EXCHANGE, bus.reply_key(f"gate{token}", "1"))
    channel.basic_consume(queue)
    publish(channel, bus.RPC_EXCHANGE, f"{token}desk.ask")


def test_a_service_may_reply_publish_its_events_and_hear_its_own_queues(secured):
    token, connect = secured
    desk, shop = connect("desk"), connect("shop")
    publish(desk, bus.RPC_EXCHANGE, f"reply.gate{token}.1")
    publish(desk, f"{token}desk.events", "opened")
    desk.basic_consume(f"rpc-{token}desk", callback=lambda message: None)
    shop.basic_consume(f"{token}shop.{token}desk.opened", callback=lambda message: None)
    publish(shop, f"{token}shop.wait", "1.x")
    publish(shop, f"{token}shop.dead", "x")


def forbidden_acts(token):
    rpc_exchange = bus.RPC_EXCHANGE
    foreign_reply = bus.reply_queue(f"{token}shop", "1")
    return {
        "call a method that does not accept it": lambda c: publish(c, rpc_exchange, f"{token}shop.ask"),
        "call a method that nobody has": lambda c: publish(c, rpc_exchange, f"{token}desk.erase"),
        "answer in the place of a service": lambda c: publish(c, rpc_exchange, f"reply.{token}shop.1"),
        "say another's events": lambda c: publish(c, f"{token}desk.events", "opened"),
        "write into a queue past its exchange": lambda c: publish(c, "", f"{token}shop.{token}desk.opened"),
        "take another's requests": lambda c: c.basic_consume(f"rpc-{token}desk"),
        "take another's events": lambda c: c.basic_consume(f"{token}shop.{token}desk.opened"),
        "read another's dead letters": lambda c: c.basic_get(f"{token}shop.dead"),
        "make a queue for another's replies": lambda c: c.queue_declare(foreign_reply, exclusive=True),
        "make any queue": lambda c: c.queue_declare("listening"),
        "delete a queue": lambda c: c.queue_delete(f"rpc-{token}desk"),
        "make an exchange": lambda c: c.exchange_declare("mine", "topic"),
    }


@pytest.mark.parametrize("act", sorted(forbidden_acts("")))
def test_a_caller_may_not(act, secured):
    token, connect = secured
    channel = connect("gate")
    with pytest.raises(amqp.AccessRefused):
        forbidden_acts(token)[act](channel)


@pytest.mark.parametrize("key", ["{}desk.*", "{}desk.ask", "#", "reply.#", "reply.{}shop.1"])
def test_a_caller_may_not_listen_to_calls_or_to_the_replies_of_others(key, secured):
    token, connect = secured
    channel = connect("gate")
    queue = bus.reply_queue(f"gate{token}", uuid4().hex)
    channel.queue_declare(queue, exclusive=True, auto_delete=True)
    with pytest.raises(amqp.AccessRefused):
        channel.queue_bind(queue, bus.RPC_EXCHANGE, key.format(token))


def test_a_service_that_answers_nothing_may_not_reply(secured):
    token, connect = secured
    with pytest.raises(amqp.AccessRefused):
        publish(connect("shop"), bus.RPC_EXCHANGE, f"reply.gate{token}.1")
