"""Timers: a method that runs again and again, never beside itself, whatever becomes of it."""

import random
from collections.abc import Callable
from typing import Any, TypeVar

from eventlet.event import Event as Signal
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, register_entrypoint

from chassis.doors.call import Call

D = TypeVar("D", bound=Callable[[Call[Any]], None])

JITTER = 0.1
"""Copies of a service started together drift apart by up to a tenth of the interval."""


class Every(Entrypoint):
    """Run the method `seconds` after its last run ended, also when that raised: the container logs it.

    Other copies of the service run theirs: what a timer does must bear that.
    """

    def __init__(self, seconds: float, **options: Any) -> None:
        self.seconds = seconds
        self._stop = Signal()
        self._done: Any = None
        self._thread: Any = None
        super().__init__(**options)

    def start(self) -> None:
        """Begin to wait."""
        self._thread = self.container.spawn_managed_thread(self._run, identifier=f"every {self.method_name}")

    def stop(self) -> None:
        """Wait for the run in hand, start none after it."""
        if not self._stop.ready():
            self._stop.send()
        if self._thread is not None:
            self._thread.wait()

    def kill(self) -> None:
        """End at once."""
        if self._thread is not None:
            self._thread.kill()

    def _run(self) -> None:
        while not self._stopped_within(self.seconds * random.uniform(1 - JITTER, 1 + JITTER)):  # noqa: S311
            self._done = Signal()
            try:
                self.container.spawn_worker(self, (), {}, handle_result=self._handle_result)
            except ContainerBeingKilled:
                return
            self._done.wait()

    def _stopped_within(self, seconds: float) -> bool:
        self._stop.wait(timeout=seconds)
        return bool(self._stop.ready())

    def _handle_result(self, _worker: object, result: Any, exc_info: Any) -> tuple[Any, Any]:
        self._done.send()
        return result, exc_info


def every(seconds: float) -> Callable[[D], D]:
    """Call `door(call)` again and again, `seconds` after its last run ended; see `Every`."""

    def register(door: D) -> D:
        register_entrypoint(door, Every(seconds))
        return door

    return register
