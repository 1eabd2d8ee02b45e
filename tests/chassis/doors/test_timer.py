from datetime import timedelta
from types import SimpleNamespace

import eventlet
import lamps
import pytest
from prometheus_client import REGISTRY
from pymongo.errors import AutoReconnect
from structlog.testing import capture_logs

from chassis.doors.timers import Every, Timers, every
from chassis.testing import eventually, running
from chassis.values.errors import Unavailable
from tests.chassis.conftest import NEVER_S

runs = []
alive = []


class Bell:
    name = "lamps"

    @every(seconds=0.05)
    def ring(self):
        runs.append(len(alive))
        alive.append(self)
        eventlet.sleep(0.12)
        alive.clear()

    @every(seconds=0.05)
    def crack(self):
        runs.append("crack")
        raise RuntimeError


def test_a_timer_runs_again_and_again_and_never_beside_itself(broker):
    runs.clear()
    with running(Bell):
        eventually(lambda: runs.count(0) >= 4)
    assert {run for run in runs if run != "crack"} == {0}


def test_a_timer_outlives_its_exceptions(broker):
    runs.clear()
    with running(Bell):
        eventually(lambda: runs.count("crack") >= 3)
    assert 0 in runs  # the other timer went on meanwhile


def test_a_stopped_timer_has_finished_its_run_and_starts_no_other(broker):
    runs.clear()
    with running(Bell):
        eventually(lambda: alive)
    assert alive == []
    count = len(runs)
    eventlet.sleep(0.2)
    assert len(runs) == count


class Guard:
    """Looks by itself once in ages."""

    name = "lamps"
    timers = Timers()

    @every(seconds=NEVER_S)
    def look(self):
        runs.append("look")

    @every(seconds=NEVER_S)
    def count(self):
        runs.append("count")
        return timedelta(seconds=0.01)


def timer_of(container, name):
    return next(each for each in container.entrypoints if each.method_name == name)


def timers_of(container):
    return next(each for each in container.dependencies if isinstance(each, Timers))


def test_a_timer_runs_at_once_for_whoever_leaves_work_to_it(broker):
    runs.clear()
    with running(Guard) as guard:
        for times in (1, 2):
            timers_of(guard).wake("look")
            eventually(lambda times=times: runs == ["look"] * times)


def test_a_timer_runs_again_within_the_time_that_its_run_told(broker):
    runs.clear()
    with running(Guard) as guard:
        timers_of(guard).wake("count")
        eventually(lambda: runs.count("count") >= 3)


def test_a_timer_that_is_not_there_is_nobodys_to_wake(broker):
    with running(Guard) as guard, pytest.raises(LookupError):
        timers_of(guard).wake("lock")


def test_the_earliest_of_what_a_timer_was_woken_for_counts(broker):
    with running(Guard) as guard:
        look = timer_of(guard, "look")
        eventually(lambda: look._next_at < float("inf"))
        look.wake(timedelta(seconds=100))
        soon = look._next_at
        look.wake(timedelta(seconds=200))
        assert look._next_at == soon


faults = []


class Lamplighter:
    name = "lamps"

    @every(seconds=0.05)
    def light(self):
        runs.append("light")
        if faults:
            raise faults[0]


@pytest.mark.parametrize(
    ("fault", "away"),
    [
        (AutoReconnect("db.example:27017 is away"), "database"),
        (Unavailable("timeout", "billing.quote"), "service"),
    ],
)
def test_an_outage_is_told_once_by_its_name_and_so_is_its_end(broker, fault, away):
    runs.clear()
    faults[:] = [fault]
    with capture_logs() as lines, running(Lamplighter):
        eventually(lambda: len(runs) >= 3)
        faults.clear()
        eventually(lambda: [line for line in lines if line["event"] == "outage_over"])
    who = {"who": "timer light"}
    met = {"event": "outage_met", "log_level": "warning", "away": away, "reason": type(fault).__name__}
    assert lines == [{**met, **who}, {"event": "outage_over", "log_level": "info", **who}]


def test_a_fault_of_a_timers_own_is_told_with_its_stack(broker):
    runs.clear()
    with capture_logs() as lines, running(Bell):
        eventually(lambda: runs.count("crack") >= 1)
        eventually(lambda: lines)
    assert (lines[0]["event"], lines[0]["log_level"]) == ("timer_failed", "error")
    assert isinstance(lines[0]["exc_info"], RuntimeError)


def test_the_relay_and_a_timer_live_in_one_container(broker, mongo_database):
    class Both(lamps.Lamps):
        @every(seconds=0.05)
        def light(self):
            if self.store.database.outbox.count_documents({}) == 0:
                self.store.database.outbox.insert_one(lamps.lit("kitchen"))
                self.relay.wake()

    with running(Both, MONGODB_DATABASE=mongo_database.name):
        eventually(lambda: mongo_database.outbox.count_documents({"sent_at": {"$exists": True}}) == 1)
    assert mongo_database.outbox.count_documents({}) == 1


def wound_up():
    made = Timers()
    made.container = SimpleNamespace(entrypoints=[])
    for name in ("ring", "crack"):
        timer = Every(600)
        timer.method_name = name
        timer.setup()
        timer._done = SimpleNamespace(send=lambda _due: None)
        made.container.entrypoints.append(timer)
    return made


def ages(timers):
    return {r.labels[0]: r.value for look in timers.looks() for r in look.read()}


@pytest.mark.pure
def test_how_long_ago_a_timer_did_its_work_is_shown_and_a_run_that_failed_is_no_work():
    timers = wound_up()
    ring, crack = timers.container.entrypoints
    for timer in (ring, crack):
        timer.ended_well_at -= 3600
    ring._handle_result(None, None, None)
    crack._handle_result(None, None, (AutoReconnect, AutoReconnect("away"), None))
    found = ages(timers)
    assert found["ring"] < 3600 <= found["crack"]


@pytest.mark.pure
def test_runs_that_failed_are_counted_by_timer():
    timers = wound_up()
    crack = timers.container.entrypoints[1]

    def failures():
        return REGISTRY.get_sample_value("marelle_timer_failures_total", {"timer": "crack"}) or 0

    before = failures()
    for error in (AutoReconnect("away"), RuntimeError("broken")):
        crack._handle_result(None, None, (type(error), error, None))
    assert failures() == before + 2
