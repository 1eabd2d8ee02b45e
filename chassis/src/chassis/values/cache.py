"""What a process remembers for a while: bounded in number and in time, safe between threads and greenlets.

Only what may be a little old belongs here: what is consumed is checked where it is consumed. Time is the
machine's monotonic clock, which nobody sets.
"""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import TLRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Keeps at most `entries_max` values for at most `ttl_s` seconds; when full, the longest unused leaves.

    Two callers who miss at once both fetch: a lock held meanwhile would let one slow answer block everybody.
    None is no value: it counts as a miss.
    """

    def __init__(self, ttl_s: float, entries_max: int, now: Callable[[], float] = time.monotonic) -> None:
        self._ttl_s = ttl_s
        self._now = now
        self._lock = threading.Lock()
        self._entries: TLRUCache[K, tuple[float, V]] = TLRUCache(
            entries_max, ttu=lambda _key, entry, _now: entry[0], timer=now
        )

    def get(self, key: K) -> V | None:
        """Return the value while it is fresh, else None."""
        with self._lock:
            entry = self._entries.get(key)
        return None if entry is None else entry[1]

    def get_or(self, key: K, fetch: Callable[[], V]) -> V:
        """Return the fresh value, or what `fetch` returns, keeping that; its age counts from the question."""
        value = self.get(key)
        if value is None:
            asked_at = self._now()
            value = fetch()
            self.put(key, value, asked_at=asked_at)
        return value

    def put(self, key: K, value: V, *, asked_at: float | None = None, ttl_s: float | None = None) -> None:
        """Keep a value; its age counts from `asked_at`, an instant of `clock`, or from now.

        `ttl_s` is given for a value that ends sooner than others.
        """
        began_at = self._now() if asked_at is None else asked_at
        lasts_s = self._ttl_s if ttl_s is None else min(ttl_s, self._ttl_s)
        with self._lock:
            self._entries[key] = (began_at + lasts_s, value)

    def drop(self, key: K) -> None:
        """Forget one value."""
        with self._lock:
            self._entries.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()

    def clock(self) -> float:
        """Return the instant that ages are counted from, in seconds."""
        return self._now()
