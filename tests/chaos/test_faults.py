"""What families lean on is killed or frozen while they book: they are served again, and nothing is lost."""

import os
import signal
import threading

import pytest
import requests

from chassis.testing.waiting import eventually

CONFIRMATIONS = 32
BEFORE = 8
FROZEN_S = 4.0


def load_meets(crowd, fault):
    """Let a crowd book, have the fault after some confirmations, and give all that was sent."""
    with crowd(CONFIRMATIONS) as many:
        many.after(BEFORE, fault)
    for family, one in many.sent:
        assert family.insist(one) == one.answer
    return many.sent


def brought_back(stack, program, pid):
    return lambda: stack.supervisor.pid(program) not in (0, pid) and stack.is_ready(program)


@pytest.mark.parametrize("program", ["rabbitmq", "mongod"])
def test_it_is_killed_and_brought_back(stack, crowd, holds, program):
    def kill():
        pid = stack.kill(program, signal.SIGKILL)
        eventually(brought_back(stack, program, pid), timeout_s=60)

    sent = load_meets(crowd, kill)
    assert holds() == []
    assert any(one.tries > 1 for _, one in sent), "nobody felt it"


@pytest.mark.parametrize("program", ["mongod", "booking"])
def test_it_is_frozen_for_four_seconds(stack, crowd, holds, program):
    def freeze():
        pid = stack.kill(program, signal.SIGSTOP)
        threading.Event().wait(FROZEN_S)  # the fault itself lasts this long
        os.kill(pid, signal.SIGCONT)

    load_meets(crowd, freeze)
    assert holds() == []


def test_mails_written_while_the_mail_server_is_away_arrive_once(stack, crowd, holds):
    for family in crowd(0).families:
        family.sent.clear()
    stack.stop_program("mail")
    try:
        with crowd(CONFIRMATIONS) as many:
            pass
    finally:
        stack.start_program("mail")
        stack.wait_ready("mail")
    answered = [family for family, one in many.sent if one.answer and one.answer["lines"]]
    assert answered
    eventually(lambda: all(mails_to(stack, family) for family in answered), timeout_s=30)
    assert holds() == []


def mails_to(stack, family):
    address = f"{stack.mail_url}/api/messages"
    return requests.get(address, {"to": family.person.login}, timeout=5).json()["data"]
