"""What others may send to a door: it stays shut, or does no harm."""

import dataclasses
import json
import time
import uuid

import amqp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eventlet.event import Event

from chassis.doors import rpc
from chassis.testing import eventually, person, running
from chassis.testing.keys import signer
from chassis.values.context import Signer
from chassis.wire import bus
from tests.chassis.echoing import NAME, Echo

FAMILY = person(family_id="f", roles=("desk",))
FORGER = Signer("gateway", Ed25519PrivateKey.generate())


def headers(**changes):
    """Make the headers of a call; a change that can be called is made now: a signature soon runs out."""
    return {
        "context": signer("gateway").sign(FAMILY, f"{NAME}.echo"),
        "request_id": "r",
        "deadline": int(time.time() * 1000) + 60_000,
        **{name: change() if callable(change) else change for name, change in changes.items()},
    }


def signed_by(issuer, audience=NAME, **changes):
    return lambda: signer(issuer).sign(dataclasses.replace(FAMILY, **changes), audience)


def send_raw(uri, body, *, reply_to, given, method="echo"):
    """Publish what no client of ours would."""
    connection = bus.connect(uri, name="test", timeout_s=60)
    channel = connection.channel()
    message = amqp.Message(
        body,
        content_type="application/json",
        reply_to=reply_to,
        correlation_id="c",
        application_headers=given,
    )
    channel.basic_publish(message, bus.RPC_EXCHANGE, f"{NAME}.{method}")
    connection.close()


def ask_raw(uri, body, given, method="echo"):
    """The same, and the reply."""
    connection = bus.connect(uri, name="test", timeout_s=60)
    channel = connection.channel()
    unique = uuid.uuid4().hex
    replies = []
    channel.queue_declare(bus.reply_queue("test", unique), exclusive=True)
    channel.queue_bind(bus.reply_queue("test", unique), bus.RPC_EXCHANGE, bus.reply_key("test", unique))
    channel.basic_consume(bus.reply_queue("test", unique), no_ack=True, callback=replies.append)
    send_raw(uri, body, reply_to=bus.reply_key("test", unique), given=given, method=method)
    while not replies:
        connection.drain_events(timeout=60)
    connection.close()
    return json.loads(replies[0].body)


CALL = json.dumps({"args": [], "kwargs": {"text": "salut"}})


def test_a_request_whose_deadline_passed_on_the_way_is_not_carried_out(echo, broker, caller):
    late = headers(deadline=int(time.time() * 1000) - 1)
    send_raw(broker, CALL, reply_to="reply.test.nobody", given=late)
    caller.call(NAME, "echo", FAMILY, {"text": "after"})
    assert Echo.done == ["after"]


def test_a_request_whose_deadline_passed_while_all_workers_were_busy_is_not_carried_out(
    broker, caller, monkeypatch
):
    """It was read in time; the service's timers and events had every worker."""
    Echo.gate, away_s = Event(), [0]
    monkeypatch.setattr("chassis.doors.rpc.epoch_s", lambda: time.time() + away_s[0])
    with running(Echo, max_workers=1) as container:
        container._worker_pool.spawn(Echo.gate.wait)
        send_raw(broker, CALL, reply_to="reply.test.nobody", given=headers())
        eventually(lambda: container._worker_pool.waiting() == 1)
        away_s[0] = 3_600
        Echo.gate.send()
        eventually(lambda: container._worker_pool.running() == 0)
        away_s[0] = 0
        caller.call(NAME, "echo", FAMILY, {"text": "after"})
    assert Echo.done == ["after"]


def test_a_request_whose_deadline_passed_is_done_with_and_does_not_wait_for_the_next_start(broker, caller):
    with running(Echo):
        late = headers(deadline=int(time.time() * 1000) - 1)
        send_raw(broker, CALL, reply_to="reply.test.nobody", given=late)
        caller.call(NAME, "echo", FAMILY, {"text": "after"})
    connection = bus.connect(broker, name="test", timeout_s=2)
    waiting = connection.channel().queue_declare(bus.rpc_queue(NAME), passive=True).message_count
    connection.close()
    assert waiting == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"context": None}, "unauthenticated"),
        ({"context": "x.y.z"}, "unauthenticated"),
        ({"context": lambda: FORGER.sign(FAMILY, NAME)}, "unauthenticated"),
        ({"context": signed_by("gateway", "another")}, "unauthenticated"),
        ({"context": signed_by("gateway", "another.echo")}, "unauthenticated"),
        ({"context": signed_by("gateway", f"{NAME}.wait")}, "unauthenticated"),
        ({"context": signed_by("stranger")}, "forbidden"),
        ({"context": signed_by("gateway", kind="anonymous")}, "forbidden"),
        ({"context": lambda: signer("gateway").sign(FAMILY.as_service("gateway"), NAME)}, "forbidden"),
        ({"deadline": None}, "malformed"),
        ({"deadline": "tomorrow"}, "malformed"),
        ({"deadline": 2**62}, "malformed"),
    ],
    ids=[
        "absent",
        "no token",
        "forged",
        "for another",
        "for another's",
        "for another method",
        "not accepted",
        "anonymous",
        "service",
        "d1",
        "d2",
        "d3",
    ],
)
def test_a_door_stays_shut_for_whom_it_does_not_know(echo, broker, changes, code, monkeypatch):
    told = []
    monkeypatch.setattr(rpc._log, "warning", lambda event, **said: told.append((event, said)), raising=False)
    reply = ask_raw(broker, CALL, headers(**changes))
    assert reply["error"]["code"] == code
    assert Echo.done == []
    shut = [] if code == "malformed" else [("call_refused", f"{NAME}.echo", code)]
    assert [(event, said["door"], said["code"]) for event, said in told] == shut


def test_a_context_of_the_release_before_names_no_method_and_is_believed_still(echo, broker):
    given = headers(context=signed_by("gateway", NAME))
    assert ask_raw(broker, CALL, given)["result"] == {"text": "salut"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"args": [1], "kwargs": {}}',
        b'{"kwargs": {"text": "x"}}',
        b"[" * 9999,
    ],
    ids=range(8),
)
def test_a_body_that_is_no_call_is_malformed_and_harmless(echo, broker, body):
    reply = ask_raw(broker, body, headers())
    assert reply["error"]["code"] == "malformed"
    assert ask_raw(broker, CALL, headers())["result"] == {"text": "salut"}


def test_who_is_unknown_learns_nothing_of_what_is_asked(echo, broker):
    assert ask_raw(broker, b"{", headers(context=None))["error"]["code"] == "unauthenticated"


@pytest.mark.parametrize("reply_to", [None, "", "booking.confirm", "reply.gone.away", "x" * 200])
def test_a_reply_that_reaches_nobody_does_not_harm_the_service(echo, broker, caller, reply_to):
    for _ in range(3):
        send_raw(broker, CALL, reply_to=reply_to, given=headers())
    assert caller.call(NAME, "echo", FAMILY, {"text": "alive"}) == {"text": "alive"}
