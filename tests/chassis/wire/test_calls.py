"""Calls and their answers, by clients and doors of ours."""

import dataclasses
import logging
import time
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta

import eventlet
import pytest

from chassis.testing import Caller, FrozenClock, SequentialIds, eventually, person, running
from chassis.testing.keys import signer
from chassis.values.errors import Failed, Refused, Unavailable
from chassis.wire import rpc
from chassis.wire.rpc import HOP_S, TIMEOUT_MAX_S, RpcPool
from chassis.wire.share import Limits
from tests.chassis.conftest import NEVER_S
from tests.chassis.echoing import NAME, REFUSAL, Echo

OTHER = f"other-{NAME}"
ALONE = Limits(open_max=1, line_max=0, wait_max_s=0)
FAMILY = person(family_id="f", roles=("desk",))


class Other(Echo):
    """Another service of the same doors."""

    name = OTHER


@pytest.fixture
def other(echo):
    with running(Other) as container:
        yield container


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
    pool = RpcPool(broker, signer("gateway"), ALONE)
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


class OneForAll(RpcPool):
    """A pool as it was: whoever is called, the clients are the same."""

    def _new_share(self, service):
        del service
        return super()._new_share("all")


@pytest.mark.parametrize("pool_kind", [RpcPool, OneForAll])
def test_a_slow_service_takes_its_own_share_of_the_calls_and_no_others(
    other, broker, gate, endless, pool_kind
):
    """Positive control: where all services share the clients, a slow one takes them from the others."""
    with closing(pool_kind(broker, signer("gateway"), Limits(2, 0, endless))) as pool:
        busy = [
            eventlet.spawn(pool.call, NAME, "wait_at_the_gate", FAMILY, {"text": "busy"}, endless)
            for _ in range(2)
        ]
        eventually(lambda: len(Echo.begun) == 2)
        assert outcome(pool, NAME) == "overloaded"
        assert outcome(pool, OTHER) == ("answered" if pool_kind is RpcPool else "overloaded")
        gate.send()
        assert [one.wait() for one in busy] == [{"text": "busy"}] * 2
        assert outcome(pool, NAME) == "answered"


def outcome(pool, service):
    try:
        pool.call(service, "echo", FAMILY, {"text": "x"}, timeout_s=NEVER_S)
    except Unavailable as absence:
        return absence.reason
    return "answered"


def test_time_spent_in_line_counts_for_the_deadline_of_the_person_alone(echo, broker, gate, endless):
    """A call that had to wait its turn still has its own time."""
    with closing(RpcPool(broker, signer("gateway"), Limits(1, 1, endless))) as pool:
        busy = eventlet.spawn(pool.call, NAME, "wait_at_the_gate", FAMILY, {"text": "busy"}, endless)
        eventually(lambda: Echo.begun)
        began = time.time()
        queued = eventlet.spawn(pool.call, NAME, "answer_by", FAMILY, {}, 60)
        eventlet.sleep(0.05)
        gate.send()
        busy.wait()
        assert queued.wait()["deadline"] >= began + 60.05


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
