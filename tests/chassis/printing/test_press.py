"""The press: bounded in time and in line, and no process of it is missed when it dies."""

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import eventlet
import pytest

from chassis.printing.document import Cell, Column, Document, Letterhead, Table
from chassis.printing.press import STARTED_BY, Limits, Press
from chassis.values.errors import Failed, Unavailable

AT = datetime(2026, 11, 30, tzinfo=UTC)
SAID = Document("Reçu", "fr", Letterhead("Mairie"), AT, ())
WRONG = Document("Reçu", "fr", Letterhead("Mairie", "no colour"), AT, ())
SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")
DIES = (sys.executable, "-c", "raise SystemExit(1)")


@pytest.fixture
def make_press():
    presses = []

    def make(limits=None, command=STARTED_BY):
        presses.append(Press(limits, command))
        return presses[-1]

    yield make
    for press in presses:
        press.close()


def process_of(press):
    return press._free[0]._process


def test_others_go_on_while_a_document_is_made(make_press):
    press, ticks = make_press(Limits(document_max_s=0.5), SLEEPS), []

    def tick():
        while True:
            ticks.append(1)
            eventlet.sleep(0.01)

    ticking = eventlet.spawn(tick)
    with pytest.raises(Unavailable):
        press.make(SAID)
    ticking.kill()
    assert len(ticks) > 10


def test_who_takes_too_long_is_ended_and_the_next_finds_another(make_press):
    press = make_press(Limits(document_max_s=0.3), SLEEPS)
    began = time.monotonic()
    with pytest.raises(Unavailable) as answer:
        press.make(SAID)
    assert answer.value.reason == "timeout"
    assert time.monotonic() - began < 2
    assert press.connections() == (0, 0)
    press._command, press.limits = STARTED_BY, Limits()
    assert press.make(SAID).startswith(b"%PDF")


def test_no_longer_than_the_caller_listens(make_press):
    press, began = make_press(command=SLEEPS), time.monotonic()
    with pytest.raises(Unavailable, match="timeout"):
        press.make(SAID, left_s=0.2)
    assert time.monotonic() - began < 1.5


def test_a_process_that_was_killed_is_not_missed(make_press):
    press = make_press()
    first = press.make(SAID)
    os.kill(process_of(press).pid, signal.SIGKILL)
    assert press.make(SAID) == first
    assert press.connections() == (0, 1)


def test_a_document_that_kills_twice_is_given_up(make_press):
    press = make_press(command=DIES)
    with pytest.raises(Unavailable) as answer:
        press.make(SAID)
    assert answer.value.reason == "connection"
    assert press.connections() == (0, 0)


def test_what_can_not_be_made_is_a_failure_that_names_no_data(make_press):
    press = make_press()
    with pytest.raises(Failed) as answer:
        press.make(WRONG)
    assert answer.value.type_name == "TypstError"
    assert press.make(SAID)


def test_a_full_line_turns_away_at_once_and_a_long_wait_in_time(make_press):
    press = make_press(Limits(line_max=1, wait_max_s=0.4, document_max_s=1.0), SLEEPS)
    with ThreadPoolExecutor(3) as callers:
        slow = callers.submit(press.make, SAID)
        eventlet.sleep(0.05)
        waiting = callers.submit(press.make, SAID)
        eventlet.sleep(0.05)
        began = time.monotonic()
        with pytest.raises(Unavailable, match="overloaded"):
            press.make(SAID)
        assert time.monotonic() - began < 0.2
        with pytest.raises(Unavailable, match="overloaded"):
            waiting.result()
        with pytest.raises(Unavailable, match="timeout"):
            slow.result()


def test_many_at_once_are_served_one_after_the_other(make_press):
    press = make_press(Limits(wait_max_s=10, document_max_s=10))
    with ThreadPoolExecutor(6) as callers:
        made = list(callers.map(lambda _: press.make(SAID), range(6)))
    assert len(set(made)) == 1
    assert press.connections() == (0, 1)


def test_a_process_that_has_grown_is_replaced(make_press):
    rows = tuple((Cell(f"{number}"), Cell("x" * number)) for number in range(900))
    large = replace(SAID, blocks=(Table("Jours", (Column("a"), Column("b")), rows),))
    press = make_press(Limits(document_max_s=20))
    assert press.make(large).startswith(b"%PDF")
    assert press.connections() == (0, 0)
    assert press.make(SAID)
    assert press.connections() == (0, 1)


def test_no_secret_is_told_to_a_process(make_press, monkeypatch):
    monkeypatch.setenv("MONGODB_URI", "mongodb://secret@x")
    press = make_press()
    press.make(SAID)
    assert b"secret" not in Path(f"/proc/{process_of(press).pid}/environ").read_bytes()


def test_a_process_ends_with_who_started_it_and_hears_no_signal_to_stop(make_press):
    press = make_press()
    press.make(SAID)
    process = process_of(press)
    process.terminate()
    process.send_signal(signal.SIGINT)
    assert press.make(SAID)
    assert process_of(press) is process
    press._free[0]._socket.close()
    assert process.wait(5) == 0


def test_nothing_is_left_behind(make_press):
    press = make_press()
    press.make(SAID)
    process = process_of(press)
    press.close()
    assert process.poll() is not None
