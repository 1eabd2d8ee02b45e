"""Faults of any program: killed, frozen, stopped, or told a wrong time.

A fault is a context: entering it makes it happen, leaving it heals it. It gives a function that says what
really happened, and raises AssertionError where nothing did.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chassis.testing.waiting import eventually
from deploy.local.layout import SERVICES
from deploy.local.stack import Stack

Proof = Callable[[], str]

BACK_WITHIN_S = 60.0
HOUR_S = 3600


@contextmanager
def killed(stack: Stack, program: str) -> Iterator[Proof]:
    """Kill a program; its supervisor brings it back."""
    pid = stack.kill(program, signal.SIGKILL)
    eventually(lambda: not _runs(pid))
    yield lambda: f"process {pid} is dead"
    eventually(lambda: stack.supervisor.pid(program) not in (0, pid), BACK_WITHIN_S)
    eventually(lambda: stack.is_ready(program), BACK_WITHIN_S)


@contextmanager
def frozen(stack: Stack, program: str) -> Iterator[Proof]:
    """Stop a program's every thought, its connections open."""
    pid = stack.kill(program, signal.SIGSTOP)

    def proof() -> str:
        assert _state(pid) == "T"
        return f"process {pid} stands still"

    try:
        eventually(lambda: _state(pid) == "T")
        yield proof
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def stopped(stack: Stack, program: str) -> Iterator[Proof]:
    """Stop a program in good form, and start it again."""
    stack.stop_program(program)

    def proof() -> str:
        assert stack.supervisor.pid(program) == 0
        return f"{program} does not run"

    try:
        yield proof
    finally:
        stack.start_program(program)
        eventually(lambda: stack.is_ready(program), BACK_WITHIN_S)


@contextmanager
def off_the_clock(stack: Stack, service: str, ahead_s: int) -> Iterator[Proof]:
    """Start a service anew that believes it is later (or earlier) than all others do."""
    refused = _distrusted(stack, service)
    stack.restart(service, {"CHASSIS_CLOCK_AHEAD_S": str(ahead_s)})

    def proof() -> str:
        distrusted = _distrusted(stack, service) - refused
        assert distrusted
        return f"{distrusted} calls were not believed"

    try:
        yield proof
    finally:
        stack.restart(service)


def _distrusted(stack: Stack, service: str) -> int:
    """Count the calls that `service` did not believe, and its own that others did not."""
    named = sum(said(stack, caller, "call_distrusted", service) for caller in ("gateway", *SERVICES))
    return named + said(stack, service, "call_distrusted")


def said(stack: Stack, program: str, *words: str) -> int:
    """Count the lines of a program's log that hold all these words."""
    log = stack.supervisor.log_path(program)
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return sum(all(word in line for word in words) for line in text.splitlines())


def _runs(pid: int) -> bool:
    return _state(pid) not in ("", "Z")


def _state(pid: int) -> str:
    """The kernel's letter for the state of a process, none if it is gone; a name may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][:1]
    except (FileNotFoundError, ProcessLookupError):
        return ""
