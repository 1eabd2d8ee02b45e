"""A share of a caller's calls: how many may be open at one service, and the line of those who wait.

What is full is left at once rather than waited for in vain. Who comes while every client is busy joins the
line only if the line is short and moves fast enough for its turn to come in time; otherwise, and where the
service has stopped answering, it is told so there and then (ADR 0025). Threads and greenlets alike.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from chassis.running import metrics
from chassis.values.errors import Unavailable

C = TypeVar("C")

PACE_WEIGHT = 0.2
"""How much the latest answer counts in the pace of the line; about the last ten of them make it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one service may take of its caller.

    At most `open_max` calls at once, each with a client of its own; at most `line_max` wait for one of these,
    in the order in which they came, nobody longer than `wait_max_s`.
    """

    open_max: int
    line_max: int
    wait_max_s: float


class Share(Generic[C]):
    """The clients for one service, under whose name they are counted. `take` one, `give` it back."""

    def __init__(
        self,
        limits: Limits,
        clients: Iterable[C],
        monotonic: Callable[[], float] = time.monotonic,
        *,
        service: str = "",
    ) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._lock = threading.Lock()
        # Last in, first out: a few busy connections rather than many that idle.
        self._free = list(clients)
        self._line: deque[Future[C]] = deque()
        self._pace_s = 0.0
        self._moved_at = 0.0
        self._shown_open = metrics.SHARE_OPEN.labels(service)
        self._shown_waiting = metrics.SHARE_WAITING.labels(service)
        self._shown_refused = metrics.SHARE_REFUSED.labels(service)

    @property
    def open_count(self) -> int:
        """Return how many of its clients are taken."""
        return self._limits.open_max - len(self._free)

    def take(self, within_s: float) -> C:
        """Return a free client, for which the caller waits at most `within_s` and the share's own limit.

        Raises Unavailable("overloaded") when none can be expected by then.
        """
        within_s = min(within_s, self._limits.wait_max_s)
        with self._lock:
            if self._free:
                client = self._free.pop()
                if not self._free:
                    self._moved_at = self._monotonic()
                self._shown_open.inc()
                return client
            if len(self._line) >= self._limits.line_max or self._turn_in_s() > within_s:
                self._shown_refused.inc()
                raise Unavailable("overloaded", "every client of this share is busy, and its line is full")
            turn: Future[C] = Future()
            self._line.append(turn)
        return self._wait(turn, within_s)

    def _wait(self, turn: "Future[C]", within_s: float) -> C:
        self._shown_waiting.inc()
        try:
            return turn.result(within_s)
        except BaseException as error:
            self._leave(turn)
            if isinstance(error, TimeoutError):
                self._shown_refused.inc()
                raise Unavailable("overloaded", "no client of this share came free in time") from None
            raise
        finally:
            self._shown_waiting.dec()

    def give(self, client: C, *, answered: bool) -> None:
        """Hand a client to whoever waits longest, or keep it; `answered` says that the service is alive."""
        with self._lock:
            if answered and not self._free:
                self._count_answer()
            if self._line:
                self._line.popleft().set_result(client)
            else:
                self._free.append(client)
                self._shown_open.dec()

    def _turn_in_s(self) -> float:
        """Return how long whoever joins the line now will wait, if it goes on as it went.

        Who has been silent for a while may be so for as long again.
        """
        silent_s = self._monotonic() - self._moved_at
        return silent_s + (len(self._line) + 1) * self._pace_s

    def _count_answer(self) -> None:
        now = self._monotonic()
        self._pace_s += PACE_WEIGHT * (now - self._moved_at - self._pace_s)
        self._moved_at = now

    def _leave(self, turn: "Future[C]") -> None:
        """Give up a place in the line; what came in that very moment goes on to the next."""
        with self._lock:
            if turn in self._line:
                self._line.remove(turn)
                return
        self.give(turn.result(), answered=False)
