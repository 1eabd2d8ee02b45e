"""Queues that were made with arguments come to be without, and no message is lost: on a real broker."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

import amqp
import lamps
import pytest
from click.testing import CliRunner

from chassis.testing import eventually
from chassis.wire import bus, redeclare, topology
from chassis.wire.publisher import Message, Publisher

# with a broker that was given, limits stay arguments
pytestmark = pytest.mark.own_broker

BUILT = topology.build(lamps.PARTS)
LIT = "meters.lamps.lamp_lit"
WAIT = "meters.wait.8"
ONE = {**BUILT, "queues": [queue for queue in BUILT["queues"] if queue["name"] == LIT]}
ONE["bindings"] = [each for each in BUILT["bindings"] if each["destination"] == LIT]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(redeclare, "SETTLE_S", 0.2)


@pytest.fixture
def old(broker):
    """The broker as the release before left it: every limit an argument."""
    with _made_with_arguments(broker, BUILT):
        yield broker


@pytest.fixture
def old_queue(broker):
    """The same, of one queue alone."""
    with _made_with_arguments(broker, ONE):
        yield broker


@contextmanager
def _made_with_arguments(uri, built):
    _delete_all(uri, built)
    topology.declare(uri, built)
    yield
    _delete_all(uri, built)
    topology.declare(uri, {**built, "policies": []})


@pytest.fixture
def listening(channel):
    tag = channel.basic_consume("rpc-lamps", callback=lambda _message: None)
    yield
    channel.basic_cancel(tag)


@pytest.fixture
def publish(broker):
    publisher = Publisher(broker)
    yield lambda *messages: publisher.publish(messages)
    publisher.close()


def _delete_all(uri, built):
    connection = bus.connect(uri, name="test", timeout_s=5)
    channel = connection.channel()
    for queue in built["queues"]:
        for name in (queue["name"], f"{queue['name']}.moving"):
            channel.queue_delete(name)
            channel.exchange_delete(f"{name}.filling")
    connection.close()


def _lit(number, **headers):
    return Message(
        "lamps.events", "lamp_lit", json.dumps({"number": number}).encode(), f"id-{number}", headers
    )


def _has_arguments(uri, name):
    connection = bus.connect(uri, name="test", timeout_s=5)
    try:
        connection.channel().queue_declare(
            name, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
        )
    except amqp.PreconditionFailed:
        return True
    finally:
        connection.close()
    return False


def _take_all(channel, queue):
    taken = []
    while (letter := channel.basic_get(queue, no_ack=True)) is not None:
        taken.append(letter)
    return taken


def test_queues_come_to_be_without_arguments_and_keep_their_messages_in_order(old, publish, channel):
    publish(*[_lit(number) for number in range(450)])
    assert _has_arguments(old, LIT)

    moved = redeclare.redeclare(old, BUILT)
    assert moved[LIT] == 450
    assert not any(_has_arguments(old, queue["name"]) for queue in BUILT["queues"] if queue["arguments"])
    assert [json.loads(letter.body)["number"] for letter in _take_all(channel, LIT)] == list(range(450))


def test_a_message_keeps_its_id_its_headers_and_its_persistence(old, publish, channel):
    publish(_lit(1, **{"x-attempt": 2, "x-error": "why"}))
    redeclare.redeclare(old, BUILT)
    [letter] = _take_all(channel, LIT)
    properties = letter.properties
    assert (properties["message_id"], properties["delivery_mode"]) == ("id-1", 2)
    assert {"x-attempt": 2, "x-error": "why"}.items() <= properties["application_headers"].items()


def test_a_message_that_waits_still_comes_back_to_its_handler(old, publish, channel):
    publish(Message("meters.wait", f"8.{LIT}", b"{}", "id-1"))
    assert redeclare.redeclare(old, BUILT)[WAIT] == 1
    letter = eventually(lambda: channel.basic_get(LIT, no_ack=True), timeout_s=15)
    assert letter.properties["message_id"] == "id-1"


def test_a_dead_letter_still_knows_where_it_came_from(old, publish, channel):
    dead = {
        "name": "meters.dead",
        "durable": True,
        "arguments": {"x-queue-type": "quorum", "x-max-length": 9},
    }
    channel.queue_delete("meters.dead")
    topology.declare(old, {"exchanges": [], "bindings": [], "policies": [], "queues": [dead]})
    channel.queue_bind("meters.dead", "meters.dead")
    publish(Message("meters.dead", LIT, b"{}", "id-1", {"x-origin": LIT}))
    redeclare.redeclare(old, BUILT)
    [letter] = _take_all(channel, "meters.dead")
    assert letter.properties["application_headers"]["x-origin"] == LIT


def test_what_is_published_to_the_new_queues_is_still_heard_and_limited(old, publish, channel):
    redeclare.redeclare(old, BUILT)
    assert publish(_lit(1)) == [True]
    publish(Message("meters.wait", f"1.{LIT}", b"{}", "waited"))
    assert eventually(lambda: channel.queue_declare(LIT, passive=True).message_count == 2)


def test_a_second_run_finds_nothing_to_do(old):
    redeclare.redeclare(old, BUILT)
    assert redeclare.redeclare(old, BUILT) == {}


def test_while_a_service_listens_nothing_is_touched(old, publish, listening):
    publish(_lit(1))
    with pytest.raises(redeclare.NotNow, match="rpc-lamps has a consumer"):
        redeclare.redeclare(old, BUILT)
    assert _has_arguments(old, LIT)


def test_a_full_queue_is_not_touched(old, publish):
    publish(_lit(1))
    small = [{**policy, "definition": {"max-length": 1}} for policy in BUILT["policies"]]
    with pytest.raises(redeclare.NotNow, match=f"{LIT} is full"):
        redeclare.redeclare(old, {**BUILT, "policies": small})
    assert _has_arguments(old, LIT)


CALLS = ("declare", "bind", "unbind", "delete", "move")

KILLED_BEFORE = f"""
import json, os, signal, sys
from chassis.wire import redeclare
left = [int(sys.argv[1])]
def dying(call):
    def called(self, *arguments):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(self, *arguments)
    return called
for name in {CALLS}:
    setattr(redeclare._Broker, name, dying(getattr(redeclare._Broker, name)))
redeclare.redeclare(os.environ["AMQP_URI"], json.loads(sys.stdin.read()))
"""


@pytest.mark.parametrize("calls", range(14))
def test_a_run_that_was_killed_anywhere_goes_on_without_losing_a_message(old_queue, publish, channel, calls):
    publish(*[_lit(number) for number in range(3)])
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BEFORE, str(calls)],
        input=json.dumps(ONE),
        text=True,
        env={**os.environ, "AMQP_URI": old_queue},
        check=False,
    )
    assert killed.returncode in (-signal.SIGKILL, 0)
    assert publish(_lit(3)) == [True]  # at every moment a queue takes what is said

    redeclare.redeclare(old_queue, ONE)
    assert not _has_arguments(old_queue, LIT)
    numbers = Counter(json.loads(letter.body)["number"] for letter in _take_all(channel, LIT))
    assert set(numbers) == {0, 1, 2, 3}
    assert redeclare.redeclare(old_queue, ONE) == {}


def test_the_command_says_what_it_did(old, publish, tmp_path):
    publish(_lit(1))
    file = tmp_path / "definitions.json"
    file.write_text(json.dumps(BUILT))
    done = CliRunner().invoke(redeclare.main, [str(file)])
    assert done.exit_code == 0, done.output
    assert f"{LIT}  1 messages" in done.output


def test_the_command_says_why_it_could_not(old, listening, tmp_path):
    file = tmp_path / "definitions.json"
    file.write_text(json.dumps(BUILT))
    refused = CliRunner().invoke(redeclare.main, [str(file)])
    assert refused.exit_code == 1
    assert "stop the services first" in refused.output
