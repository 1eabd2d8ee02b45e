"""What the broker lets each of its users do, by the permissions that the topology gives them."""

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
import pytest

from chassis.wire import bus, topology
from chassis.wire.topology import Service

# users can only be made on a broker of one's own
pytestmark = pytest.mark.own_broker

PASSWORD = "a long password of a test"


def password_hash(password):
    salt = b"salt"
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


@pytest.fixture(scope="module")
def secured(virtual_host, tmp_path_factory):
    """A virtual host loaded from definitions, and a function that connects to it as one of its users."""
    control = shlex.split(os.environ.get("RABBITMQCTL", ""))
    if not control:
        pytest.fail("set RABBITMQCTL to run this test", pytrace=False)
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
        connection = bus.connect(f"amqp://{login}/test-{token}", name="test", timeout_s=60)
        connections.append(connection)
        return connection.channel()

    yield token, connect
    for connection in connections:
        connection.collect()
    subprocess.run([*control, "delete_vhost", f"test-{token}"], check=True, capture_output=True)
    for user in built["users"]:
        subprocess.run([*control, "delete_user", user["name"]], check=True, capture_output=True)


def publish(channel, exchange, key):
    """Publish and wait until the broker has either taken or refused it; a refusal closes the channel."""
    channel.basic_publish(amqp.Message("{}"), exchange, key)
    channel.basic_qos(0, 1, a_global=False)
    return channel.is_open


def test_a_caller_may_call_what_accepts_it_and_hear_its_own_replies(secured):
    token, connect = secured
    channel = connect("gate")
    queue = bus.reply_queue(f"gate{token}", "1")
    channel.queue_declare(queue, durable=False, exclusive=True, auto_delete=True)
    channel.queue_bind(queue, bus.RPC_EXCHANGE, bus.reply_key(f"gate{token}", "1"))
    heard = []
    channel.basic_consume(queue, callback=heard.append)
    assert publish(channel, bus.RPC_EXCHANGE, f"{token}desk.ask")
    assert publish(connect("desk"), bus.RPC_EXCHANGE, bus.reply_key(f"gate{token}", "1"))
    channel.connection.drain_events(timeout=60)
    assert [message.body for message in heard] == ["{}"]


def test_a_service_may_reply_publish_its_events_and_hear_its_own_queues(secured):
    token, connect = secured
    desk, shop = connect("desk"), connect("shop")
    assert publish(desk, bus.RPC_EXCHANGE, f"reply.gate{token}.1")
    assert publish(desk, f"{token}desk.events", "opened")
    assert desk.basic_consume(f"rpc-{token}desk", callback=lambda message: None)
    assert shop.basic_consume(f"{token}shop.{token}desk.opened", callback=lambda message: None)
    assert publish(shop, f"{token}shop.wait", "1.x")
    assert publish(shop, f"{token}shop.dead", "x")


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
