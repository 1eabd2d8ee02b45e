import dataclasses
import json
import logging
import time
import uuid
from datetime import UTC, datetime, timedelta

import amqp
import eventlet
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.testing import Caller, FrozenClock, SequentialIds, eventually, person, running
from chassis.testing.keys import signer
from chassis.values.context import Signer
from chassis.values.errors import Failed, Refused, Unavailable
from chassis.wire import bus
from chassis.wire.rpc import RpcPool
from tests.chassis.echoing import NAME, REFUSAL, Echo

FAMILY = person(family_id="f", roles=("desk",))
FORGER = Signer("gateway", Ed25519PrivateKey.generate())


@pytest.fixture(autouse=True)
def nothing_done():
    Echo.done.clear()


@pytest.fixture
def echo(broker):
    signer("stranger")  # known, and accepted nowhere
    with running(Echo) as container:
        yield container


@pytest.fixture
def caller(broker):
    with Caller() as one:
        yield one


def headers(**changes):
    """Make the headers of a call; a change that can be called is made now: a signature soon runs out."""
    return {
        "context": signer("gateway").sign(FAMILY, NAME),
        "request_id": "r",
        "deadline": int(time.time() * 1000) + 2000,
        **{name: change() if callable(change) else change for name, change in changes.items()},
    }


def signed_by(issuer, audience=NAME, **changes):
    return lambda: signer(issuer).sign(dataclasses.replace(FAMILY, **changes), audience)


def send_raw(uri, body, *, reply_to, given, method="echo"):
    """Publish what no client of ours would."""
    connection = bus.connect(uri, name="test", timeout_s=2)
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
    connection = bus.connect(uri, name="test", timeout_s=2)
    channel = connection.channel()
    unique = uuid.uuid4().hex
    replies = []
    channel.queue_declare(bus.reply_queue("test", unique), exclusive=True)
    channel.queue_bind(bus.reply_queue("test", unique), bus.RPC_EXCHANGE, bus.reply_key("test", unique))
    channel.basic_consume(bus.reply_queue("test", unique), no_ack=True, callback=replies.append)
    send_raw(uri, body, reply_to=bus.reply_key("test", unique), given=given, method=method)
    while not replies:
        connection.drain_events(timeout=3)
    connection.close()
    return json.loads(replies[0].body)


CALL = json.dumps({"args": [], "kwargs": {"text": "salut"}})


def test_a_call_is_answered(echo, caller):
    assert caller.call(NAME, "echo", FAMILY, {"text": "déjà"}) == {"text": "déjà"}


def test_a_door_knows_its_caller_from_the_context_alone(echo, caller):
    answer = caller.call(NAME, "who_am_i", FAMILY)
    assert answer == {"account_id": FAMILY.account_id, "family_id": "f", "roles": ["desk"]}


def test_a_refusal_comes_back_equal(echo, caller):
    with pytest.raises(Refused) as refusal:
        caller.call(NAME, "refuse", FAMILY)
    assert refusal.value == REFUSAL
    assert refusal.value.errors == REFUSAL.errors


def test_a_failure_names_its_type_and_nothing_else(echo, caller):
    with pytest.raises(Failed) as failure:
        caller.call(NAME, "break_down", FAMILY)
    assert failure.value.type_name == "KeyError"
    assert "Camille" not in str(failure.value)


def test_a_request_that_breaks_the_contract_is_malformed_place_by_place(echo, caller):
    with pytest.raises(Refused) as refusal:
        caller.call(NAME, "echo", FAMILY, {"text": 7, "texte": "x"})
    assert refusal.value.code == "malformed"
    assert sorted(error["pointer"] for error in refusal.value.errors) == ["/text", "/texte"]
    assert Echo.done == []


def test_a_door_without_a_schema_takes_no_arguments(echo, caller):
    with pytest.raises(Refused) as refusal:
        caller.call(NAME, "who_am_i", FAMILY, {"family_id": "another"})
    assert refusal.value.code == "malformed"


def test_an_answer_that_breaks_the_contract_fails_in_tests(echo, caller):
    with pytest.raises(Failed) as failure:
        caller.call(NAME, "break_contract", FAMILY)
    assert failure.value.type_name == "ReplyBreaksContract"


def test_an_answer_that_json_cannot_carry_fails_and_the_service_lives_on(echo, caller):
    with pytest.raises(Failed) as failure:
        caller.call(NAME, "answer_nonsense", FAMILY)
    assert failure.value.type_name == "UnserializableReply"
    assert caller.call(NAME, "echo", FAMILY, {"text": "x"}) == {"text": "x"}


def test_a_method_that_does_not_exist_fails_at_once(echo, caller):
    with pytest.raises(Failed) as failure:
        caller.call(NAME, "no_such_method", FAMILY)
    assert failure.value.type_name == "MethodNotFound"


def test_an_unknown_service_is_known_to_be_so_at_once(echo, caller):
    caller.call(NAME, "who_am_i", FAMILY)
    started = time.monotonic()
    with pytest.raises(Unavailable) as absence:
        caller.call(f"nobody-{uuid.uuid4().hex}", "echo", FAMILY, {})
    assert absence.value.reason == "no_service"
    assert time.monotonic() - started < 0.5


def test_a_service_that_is_down_does_not_do_later_what_nobody_waits_for(caller):
    with running(Echo):
        pass
    with pytest.raises(Unavailable) as absence:
        caller.call(NAME, "echo", FAMILY, {"text": "too late"}, timeout_s=0.3)
    assert absence.value.reason == "timeout"
    with running(Echo):
        caller.call(NAME, "echo", FAMILY, {"text": "in time"})
    assert Echo.done == ["in time"]


def test_a_request_whose_deadline_passed_on_the_way_is_not_carried_out(echo, broker, caller):
    late = headers(deadline=int(time.time() * 1000) - 1)
    send_raw(broker, CALL, reply_to="reply.test.nobody", given=late)
    caller.call(NAME, "echo", FAMILY, {"text": "after"})
    assert Echo.done == ["after"]


def test_a_late_reply_is_not_taken_for_the_answer_to_the_next_call(echo, broker):
    pool = RpcPool(broker, signer("gateway"), size=1)
    with pytest.raises(Unavailable):
        pool.call(NAME, "wait", FAMILY, {"seconds": 0.3, "mark": "late"}, timeout_s=0.15)
    eventually(lambda: "late" in Echo.done)
    assert pool.call(NAME, "echo", FAMILY, {"text": "mine"}) == {"text": "mine"}
    pool.close()


def test_every_caller_gets_their_own_answer(echo, caller):
    def ask(number):
        return caller.call(NAME, "echo", FAMILY, {"text": str(number)})["text"] == str(number)

    assert all(eventlet.GreenPool(8).imap(ask, range(100)))


def test_who_finds_no_free_client_is_told_within_300_ms(echo, broker):
    pool = RpcPool(broker, signer("gateway"), size=1)
    busy = eventlet.spawn(pool.call, NAME, "wait", FAMILY, {"seconds": 1, "mark": "busy"})
    eventlet.sleep(0.1)
    started = time.monotonic()
    with pytest.raises(Unavailable) as overload:
        pool.call(NAME, "echo", FAMILY, {"text": "x"})
    assert overload.value.reason == "overloaded"
    assert time.monotonic() - started < 0.3
    busy.wait()
    pool.close()


def test_a_service_calls_another_on_somebodys_behalf(echo, caller):
    assert caller.call(NAME, "ask_myself", FAMILY, {"text": "x"}) == {"text": "x"}


def test_that_another_service_is_unavailable_comes_back_as_such(echo, caller):
    with pytest.raises(Unavailable) as absence:
        caller.call(NAME, "ask_nobody", FAMILY)
    assert absence.value.reason == "no_service"


def test_each_hop_leaves_its_caller_time_to_answer(echo, caller):
    deadline = datetime.now(UTC) + timedelta(seconds=1)
    left = caller.call(NAME, "time_left", dataclasses.replace(FAMILY, deadline=deadline))["seconds"]
    assert 0.7 < left <= 0.9


def test_a_call_for_which_no_time_is_left_is_not_made(echo, caller):
    deadline = datetime.now(UTC) + timedelta(seconds=0.05)
    with pytest.raises(Unavailable) as absence:
        caller.call(NAME, "echo", dataclasses.replace(FAMILY, deadline=deadline), {"text": "x"})
    assert absence.value.reason == "timeout"
    assert Echo.done == []


def test_no_call_waits_more_than_five_seconds(echo, caller):
    assert caller.call(NAME, "time_left", FAMILY, timeout_s=60)["seconds"] <= 5


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"context": None}, "unauthenticated"),
        ({"context": "x.y.z"}, "unauthenticated"),
        ({"context": lambda: FORGER.sign(FAMILY, NAME)}, "unauthenticated"),
        ({"context": signed_by("gateway", "another")}, "unauthenticated"),
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
        "not accepted",
        "anonymous",
        "service",
        "d1",
        "d2",
        "d3",
    ],
)
def test_a_door_stays_shut_for_whom_it_does_not_know(echo, broker, changes, code):
    reply = ask_raw(broker, CALL, headers(**changes))
    assert reply["error"]["code"] == code
    assert Echo.done == []


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


def test_time_and_ids_come_from_whom_owns_them(broker):
    clock, ids = FrozenClock("2026-11-16T08:00:00Z"), SequentialIds()
    with running(Echo, clock=clock, ids=ids), Caller() as caller:
        answer = caller.call(NAME, "say_when", FAMILY)
    assert answer["now"] == "2026-11-16T08:00:00+00:00"
    assert answer["id"] == "00000000-0000-7000-8000-000000000001"


def test_a_stopping_service_finishes_what_it_began(caller):
    with running(Echo):
        asked = eventlet.spawn(caller.call, NAME, "wait", FAMILY, {"seconds": 0.4, "mark": "begun"})
        eventlet.sleep(0.2)
    assert asked.wait() == {"mark": "begun"}


def test_no_log_line_of_a_refusal_bears_a_stack(echo, caller, caplog):
    with caplog.at_level(logging.INFO), pytest.raises(Refused):
        caller.call(NAME, "refuse", FAMILY)
    assert not any(record.exc_info for record in caplog.records)
