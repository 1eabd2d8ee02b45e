"""Back-off: what failed to be sent, and when to try it again: later and later, up to five seconds."""

import time
from typing import Generic, TypeVar

K = TypeVar("K")

FIRST_S, MOST_S = 1.0, 5.0
"""All must be well half a minute after a fault, the effects of these events too."""


class BackOff(Generic[K]):
    """The keys that wait before they are tried again, at most `limit`: beyond that, one is tried at once."""

    def __init__(self, limit: int = 100) -> None:
        self._limit = limit
        self._until: dict[K, tuple[float, float]] = {}

    def add(self, key: K) -> float:
        """Return the seconds that `key` waits from now on: twice as many as the last time."""
        now = time.monotonic()
        _, before = self._until.pop(key, (0.0, FIRST_S / 2))
        # One that has not failed again for long after its time is well.
        self._until = {each: kept for each, kept in self._until.items() if kept[0] > now - 2 * MOST_S}
        delay = min(MOST_S, 2 * before)
        if len(self._until) < self._limit:
            self._until[key] = (now + delay, delay)
        return delay

    def forget(self, key: K) -> None:
        """Let the key be tried at once: it went through."""
        self._until.pop(key, None)

    def waiting(self) -> list[K]:
        """Return the keys that are not to be tried yet."""
        now = time.monotonic()
        return [key for key, (until, _) in self._until.items() if until > now]
