"""A small cache for one process: bounded in size and in time, safe between threads."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """Keep at most `entries_max` values for `ttl_s` seconds each; the oldest leaves when it is full.

    Two threads that miss at once both fetch: a lock held over a remote call would let one slow
    answer block everybody.
    """

    def __init__(self, ttl_s: float, entries_max: int, now: Callable[[], float] = time.monotonic) -> None:
        self._ttl_s = ttl_s
        self._entries_max = entries_max
        self._now = now
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[float, T]] = {}

    def get(self, key: str) -> T | None:
        """Return the value while it is fresh, else None."""
        entry = self._entries.get(key)
        if entry is None or entry[0] <= self._now():
            return None
        return entry[1]

    def put(self, key: str, value: T, asked_at: float | None = None) -> None:
        """Keep `value`; its age counts from `asked_at` (of `clock`), when the question was sent."""
        expires_at = (self._now() if asked_at is None else asked_at) + self._ttl_s
        with self._lock:
            self._entries.pop(key, None)  # re-inserted last, so that the order is the order of age
            while len(self._entries) >= self._entries_max:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = (expires_at, value)

    def drop(self, key: str) -> None:
        """Forget one value."""
        with self._lock:
            self._entries.pop(key, None)

    def clock(self) -> float:
        """Return the instant that ages are measured with."""
        return self._now()
