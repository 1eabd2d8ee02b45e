import os
import subprocess
import sys
import time

import pytest

from chassis.running import failpoints
from chassis.running.failpoints import InjectedFault, failpoint


@pytest.fixture(autouse=True)
def disarmed():
    yield
    failpoints.arm("")


def test_a_point_that_is_not_armed_does_nothing():
    failpoints.arm("other=raise")
    failpoint("lamps.before_lighting")
    with pytest.raises(InjectedFault):
        failpoint("other")  # the control: what is armed does act


def test_a_point_acts_at_its_hit_and_only_then():
    failpoints.arm("lamps.before_lighting=raise@3")
    outcomes = []
    for _ in range(5):
        try:
            failpoint("lamps.before_lighting")
            outcomes.append("passed")
        except InjectedFault:
            outcomes.append("raised")
    assert outcomes == ["passed", "passed", "raised", "passed", "passed"]


def test_a_point_with_a_plus_acts_from_its_hit_on():
    failpoints.arm("x=raise@2+")
    failpoint("x")
    for _ in range(3):
        with pytest.raises(InjectedFault):
            failpoint("x")


def test_a_sleeping_point_delays():
    failpoints.arm("x=sleep:0.05")
    started = time.monotonic()
    failpoint("x")
    assert time.monotonic() - started >= 0.05


@pytest.mark.parametrize(
    "specification", ["x", "x=explode", "x=raise@", "=raise", "x=raise@1-", "x=raise;y=raise"]
)
def test_a_specification_that_makes_no_sense_is_refused(specification):
    with pytest.raises(ValueError, match="not a failpoint"):
        failpoints.arm(specification)


def _process(**environment):
    program = "from chassis.running.failpoints import failpoint; failpoint('x'); print('alive')"
    return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=False)


def test_a_process_is_killed_once_across_its_restarts(tmp_path):
    armed = {"FAILPOINTS": "x=kill", "FAILPOINTS_MARKS": str(tmp_path)}
    assert _process(**armed).returncode == -9
    assert _process(**armed).stdout == b"alive\n"


def test_it_is_told_how_often_a_point_was_passed_and_by_whom_it_was_first(tmp_path):
    failpoints.arm("x=sleep:0@2", str(tmp_path))
    for _ in range(3):
        failpoint("x")
    _process(FAILPOINTS="x=kill", FAILPOINTS_MARKS=str(tmp_path))
    assert len((tmp_path / "x.passed").read_bytes()) == 4
    assert (tmp_path / "x.sleep.2").read_text() == str(os.getpid())


def test_without_marks_every_process_is_killed():
    assert _process(FAILPOINTS="x=kill").returncode == -9
    assert _process(FAILPOINTS="x=kill").returncode == -9


def test_an_unarmed_point_costs_nothing_that_counts():
    """A microsecond of the thread's own work at the best of five times: a busy machine is not asked about."""
    failpoints.arm("")
    assert min(_work_s(100_000) for _ in range(5)) < 0.1


def _work_s(times):
    started = time.thread_time()
    for _ in range(times):
        failpoint("x")
    return time.thread_time() - started
