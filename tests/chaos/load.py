"""A crowd of families, so many of them at once: the load under which programs are killed."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.chaos.families import Family, Sent


@dataclass
class Crowd:
    """`clients` threads lead the families in turn until `steps` confirmations were made.

    A family is led by one client at a time, who rests `pause_s` after each step. `after(n)` waits until n
    confirmations have been answered.
    """

    families: Sequence[Family]
    steps: int
    clients: int = 8
    pause_s: float = 0.0
    errors: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._waiting: queue.SimpleQueue[Family] = queue.SimpleQueue()
        for family in self.families:
            self._waiting.put(family)
        self._left, self._done = self.steps, 0
        self._changed, self._rest = threading.Condition(), threading.Event()
        self._threads = [threading.Thread(target=self._lead, daemon=True) for _ in range(self.clients)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.enough()
        for thread in self._threads:
            thread.join()
        if self.errors and error is None:
            raise self.errors[0]

    def after(self, answered: int, act: Callable[[], object] = lambda: None) -> None:
        """Act as soon as so many confirmations were answered."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._done >= answered or self.errors, timeout=120):
                raise AssertionError(f"{self._done} of {answered} confirmations after two minutes")
        act()

    def goes_on(self, steps: int = 8, within_s: float = 120.0) -> None:
        """Wait until so many more confirmations have been answered."""
        with self._changed:
            wanted = self._done + steps
            if not self._changed.wait_for(lambda: self._done >= wanted or self.errors, timeout=within_s):
                raise AssertionError(f"{self._done} of {wanted} confirmations after {within_s:g} s")

    def enough(self) -> None:
        """Begin no further confirmation, and wait until those in hand have been answered."""
        with self._changed:
            self._left = 0
        for thread in self._threads:
            thread.join()

    @property
    def sent(self) -> list[tuple[Family, Sent]]:
        return [(family, sent) for family in self.families for sent in family.sent]

    def _lead(self) -> None:
        while self._claim():
            family = self._waiting.get()
            try:
                family.step()
            except BaseException as error:  # noqa: BLE001 - told by the main thread
                self.errors.append(error)
            self._waiting.put(family)
            self._rest.wait(self.pause_s)
            with self._changed:
                self._done += 1
                self._changed.notify_all()

    def _claim(self) -> bool:
        with self._changed:
            if self._left == 0 or self.errors:
                return False
            self._left -= 1
            return True
