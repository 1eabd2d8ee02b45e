"""Timers: a door that runs again and again, never beside itself, whatever becomes of it.

A timer is a safety net: it finds what nobody told it of. Who makes work for it in the same process wakes it
(`Timers`), and a run that knows when the next thing is due says so by what it returns.
"""

import random
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

from eventlet.event import Event as Signal
from eventlet.semaphore import Semaphore
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import DependencyProvider, Entrypoint, register_entrypoint

from chassis.doors.call import Call
from chassis.running import metrics
from chassis.running.gauges import Gauge, Look, Reading
from chassis.running.log import get_logger
from chassis.storage.outage import Outage, what_is_away

D = TypeVar("D", bound=Callable[[Call[Any]], timedelta | None])

JITTER = 0.1
"""Copies of a service started together drift apart by up to a tenth of the interval."""
SOONEST_S = 0.1
"""Between two runs, however much is due."""
NEVER = float("inf")

LAST_RUN = Gauge(
    "marelle_timer_last_run_seconds",
    "Seconds since a timer's last run ended well, or since the start where none did.",
    ("timer",),
)

_log = get_logger()


class Every(Entrypoint):
    """Run the method `seconds` after its last run ended, or within the time that this run returned.

    A run that raised is logged; one that met an outage says so once and is tried again after half a second,
    then later and later. Other copies of the service run theirs: what a timer does must bear that.
    """

    answers_errors = True

    def __init__(self, seconds: float, **options: Any) -> None:
        self.seconds = seconds
        self._next_at = NEVER
        self.ended_well_at = time.monotonic()
        self._changed = Semaphore(0)
        self._stopping = False
        self._done: Any = None
        self._thread: Any = None
        super().__init__(**options)

    def setup(self) -> None:
        """Get to know the name under which outages are told."""
        self._outage = Outage(f"timer {self.method_name}")

    def start(self) -> None:
        """Begin to wait."""
        self.ended_well_at = time.monotonic()
        self._thread = self.container.spawn_managed_thread(self._run, identifier=f"every {self.method_name}")

    def stop(self) -> None:
        """Wait for the run in hand, start none after it."""
        self._stopping = True
        self._changed.release()
        if self._thread is not None:
            self._thread.wait()

    def kill(self) -> None:
        """End at once."""
        if self._thread is not None:
            self._thread.kill()

    def wake(self, within: timedelta = timedelta(0)) -> None:
        """Run within this time from now on, unless a run is due earlier anyway."""
        self._next_at = min(self._next_at, time.monotonic() + max(SOONEST_S, within.total_seconds()))
        if self._changed.balance <= 0:
            self._changed.release()

    def _run(self) -> None:
        self.wake(self._interval())
        while self._time_has_come():
            self._next_at = NEVER
            self._done = Signal()
            try:
                self.container.spawn_worker(self, (), {}, handle_result=self._handle_result)
            except ContainerBeingKilled:
                return
            due, interval = self._done.wait(), self._interval()
            self.wake(interval if due is None else min(due, interval))

    def _time_has_come(self) -> bool:
        """Wait until it is time to run, and return True; False when there is to be no other run."""
        while not self._stopping and (left_s := self._next_at - time.monotonic()) > 0:
            self._changed.acquire(timeout=left_s)
        return not self._stopping

    def _interval(self) -> timedelta:
        return timedelta(seconds=self.seconds * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311

    def _handle_result(self, _worker: object, result: Any, exc_info: Any) -> tuple[Any, Any]:
        self._done.send(self._after(exc_info[1]) if exc_info else self._after_work(result))
        return result, exc_info

    def _after_work(self, result: Any) -> timedelta | None:
        self._outage.over()
        self.ended_well_at = time.monotonic()
        return result if isinstance(result, timedelta) else None

    def _after(self, error: BaseException) -> timedelta | None:
        metrics.TIMER_FAILURES.labels(self.method_name).inc()
        away = what_is_away(error)
        if away is not None:
            return timedelta(seconds=self._outage.met(away, error))
        _log.error("timer_failed", exc_info=error)
        return None


def every(seconds: float) -> Callable[[D], D]:
    """Call `door(call)` again and again, `seconds` after its last run ended; see `Every`.

    The door may return the time within which it wants to run again, since something is due then.
    """

    def register(door: D) -> D:
        register_entrypoint(door, Every(seconds))
        return door

    return register


class Timers(DependencyProvider):
    """Gives every worker the timers of its container, to be woken by name."""

    def get_dependency(self, worker_ctx: object) -> "Timers":  # noqa: ARG002 - nameko's signature
        """The same for all."""
        return self

    def wake(self, name: str, within: timedelta = timedelta(0)) -> None:
        """Have the timer of this name run within this time: at once, unless told otherwise.

        Only in this copy of the service; others find what there is to do at their next look. Raises
        LookupError when no timer is called so.
        """
        for each in self._all():
            if each.method_name == name:
                each.wake(within)
                return
        raise LookupError(f"{self.container.service_name} has no timer {name}")

    def looks(self) -> list[Look]:
        """Return the look at how long ago each timer of this copy did its work."""
        return [Look((LAST_RUN,), self._last_runs)]

    def _last_runs(self) -> Iterable[Reading]:
        now = time.monotonic()
        return [LAST_RUN.reads(now - each.ended_well_at, each.method_name) for each in self._all()]

    def _all(self) -> list[Every]:
        return [each for each in self.container.entrypoints if isinstance(each, Every)]
