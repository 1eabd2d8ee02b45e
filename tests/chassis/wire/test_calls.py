"""Calls and their answers, by clients and doors of ours."""

import dataclasses
import logging
import queue
import time
import uuid
from datetime import UTC, datetime, timedelta

import eventlet
import pytest

from chassis.testing import Caller, FrozenClock, SequentialIds, eventually, person, running
from chassis.testing.keys import signer
from chassis.values.errors import Failed, Refused, Unavailable
from chassis.wire import rpc
from chassis.wire.rpc import HOP_S, TIMEOUT_MAX_S, RpcPool
from tests.chassis.echoing import NAME, REFUSAL, Echo

FAMILY = person(family_id="f", roles=("desk",))


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


def test_an_unknown_service_is_known_to_be_so_without_waiting_for_its_answer(echo, caller, endless):
    with pytest.raises(Unavailable) as absence:
        caller.call(f"nobody-{uuid.uuid4().hex}", "echo", FAMILY, {}, timeout_s=endless)
    assert absence.value.reason == "no_service"


def test_a_service_that_is_down_does_not_do_later_what_nobody_waits_for(caller):
    with running(Echo):
        pass
    with pytest.raises(Unavailable) as absence:
        caller.call(NAME, "echo", FAMILY, {"text": "too late"}, timeout_s=0.3)
    assert absence.value.reason == "timeout"
    with running(Echo):
        caller.call(NAME, "echo", FAMILY, {"text": "in time"})
    assert Echo.done == ["in time"]


def test_a_late_reply_is_not_taken_for_the_answer_to_the_next_call(echo, broker, gate):
    pool = RpcPool(broker, signer("gateway"), size=1)
    with pytest.raises(Unavailable) as absence:
        pool.call(NAME, "wait_at_the_gate", FAMILY, {"text": "late"})
    assert absence.value.reason == "timeout"
    gate.send()
    eventually(lambda: "late" in Echo.done)
    assert pool.call(NAME, "echo", FAMILY, {"text": "mine"}) == {"text": "mine"}
    pool.close()


def test_every_caller_gets_their_own_answer(echo, caller):
    def ask(number):
        return caller.call(NAME, "echo", FAMILY, {"text": str(number)})["text"] == str(number)

    assert all(eventlet.GreenPool(8).imap(ask, range(100)))


def test_who_finds_no_free_client_is_told_while_all_are_still_busy(broker, gate, endless):
    pool = RpcPool(broker, signer("gateway"), size=1)
    request = {"text": "busy"}
    busy = eventlet.spawn(pool.call, NAME, "wait_at_the_gate", FAMILY, request, timeout_s=endless)
    eventually(lambda: Echo.begun)
    with pytest.raises(Unavailable) as overload:
        pool.call(NAME, "echo", FAMILY, {"text": "x"}, timeout_s=endless)
    assert overload.value.reason == "overloaded"
    assert Echo.done == []
    gate.send()
    assert busy.wait() == request
    pool.close()


def test_a_free_client_is_waited_for_no_longer_than_200_ms_nor_than_the_caller_has_time(monkeypatch):
    pool, waited_s = RpcPool("amqp://nowhere", signer("gateway"), size=1), []

    def none_free(timeout):
        waited_s.append(timeout)
        raise queue.Empty

    monkeypatch.setattr(pool._free, "get", none_free)
    for timeout_s in (2, 0.1):
        with pytest.raises(Unavailable):
            pool.call(NAME, "echo", FAMILY, {"text": "x"}, timeout_s)
    assert waited_s == [0.2, 0.1]


def test_a_service_calls_another_on_somebodys_behalf(echo, caller):
    assert caller.call(NAME, "ask_myself", FAMILY, {"text": "x"}) == {"text": "x"}


def test_that_another_service_is_unavailable_comes_back_as_such(echo, caller):
    with pytest.raises(Unavailable) as absence:
        caller.call(NAME, "ask_nobody", FAMILY)
    assert absence.value.reason == "no_service"


def test_each_hop_leaves_its_caller_time_to_answer(echo, caller):
    own = datetime.now(UTC) + timedelta(seconds=30)
    asked = caller.call(NAME, "answer_by", dataclasses.replace(FAMILY, deadline=own))
    assert own.timestamp() - asked["deadline"] == pytest.approx(HOP_S, abs=0.01)


def test_a_call_for_which_no_time_is_left_is_not_made(echo, caller):
    deadline = datetime.now(UTC) + timedelta(seconds=0.05)
    with pytest.raises(Unavailable) as absence:
        caller.call(NAME, "echo", dataclasses.replace(FAMILY, deadline=deadline), {"text": "x"})
    assert absence.value.reason == "timeout"
    assert Echo.done == []


def test_no_call_waits_more_than_five_seconds(echo, caller, monkeypatch):
    assert TIMEOUT_MAX_S == 5
    monkeypatch.setattr(rpc, "TIMEOUT_MAX_S", TIMEOUT_MAX_S)
    asked = caller.call(NAME, "answer_by", FAMILY, timeout_s=60)
    assert asked["deadline"] <= time.time() + 5


def test_time_and_ids_come_from_whom_owns_them(broker):
    clock, ids = FrozenClock("2026-11-16T08:00:00Z"), SequentialIds()
    with running(Echo, clock=clock, ids=ids), Caller() as caller:
        answer = caller.call(NAME, "say_when", FAMILY)
    assert answer["now"] == "2026-11-16T08:00:00+00:00"
    assert answer["id"] == "00000000-0000-7000-8000-000000000001"


def test_a_stopping_service_finishes_what_it_began(echo, caller, gate, endless):
    asked = eventlet.spawn(caller.call, NAME, "wait_at_the_gate", FAMILY, {"text": "begun"}, endless)
    eventually(lambda: Echo.begun)
    eventlet.spawn_after(0.2, gate.send)
    echo.stop()
    assert asked.wait() == {"text": "begun"}


def test_no_log_line_of_a_refusal_bears_a_stack(echo, caller, caplog):
    with caplog.at_level(logging.INFO), pytest.raises(Refused):
        caller.call(NAME, "refuse", FAMILY)
    assert not any(record.exc_info for record in caplog.records)
