"""What can't be sent just now, and when to try it again: later and later, up to five seconds."""

import time
from typing import Generic, TypeVar

K = TypeVar("K")

FIRST_S, MOST_S = 1.0, 5.0
"""All must be well half a minute after a fault, the effects of these events too."""


class PutOff(Generic[K]):
    """Keys put off, at most `limit` of them: beyond that, a key is tried again at once."""

    def __init__(self, limit: int = 100) -> None:
        self._limit = limit
        self._until: dict[K, tuple[float, float]] = {}

    def add(self, key: K) -> float:
        """Put `key` off for twice as long as the last time; the seconds."""
        now = time.monotonic()
        _, before = self._until.pop(key, (0.0, FIRST_S / 2))
        # One that has not come back for long after its time is well again.
        self._until = {each: kept for each, kept in self._until.items() if kept[0] > now - 2 * MOST_S}
        delay = min(MOST_S, 2 * before)
        if len(self._until) < self._limit:
            self._until[key] = (now + delay, delay)
        return delay

    def forget(self, key: K) -> None:
        """The key went through."""
        self._until.pop(key, None)

    def now(self) -> list[K]:
        """The keys to leave out for now."""
        now = time.monotonic()
        return [key for key, (until, _) in self._until.items() if until > now]
