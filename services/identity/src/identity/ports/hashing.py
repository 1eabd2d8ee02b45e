"""Argon2id, the one provider that identity needs: slow by design, and therefore kept off the event loop.

Which passwords are taken at all is a rule; what is stored is only what `Passwords` returns.
"""

import hmac
import time
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from math import ceil
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from eventlet import tpool
from eventlet.semaphore import Semaphore
from nameko.extensions import DependencyProvider

from chassis.running import metrics
from chassis.values.errors import Refused

PEPPER_BYTES_MIN = 16
WORK = "password hash"
HASH_S = 0.05
"""How long a hash takes, until some have been timed."""
HASH_MAX_S = 0.5
"""What is believed at most: else a machine that stood still for a moment would let nobody in ever after."""
WEIGHT_OF_LATEST = 0.2
ANSWER_S = 0.05
"""What follows a hash until the answer is there: counting, opening the session, the way back."""
RETURN_MAX_S = 30.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password was right and, where the parameters changed since, the hash to keep from now on."""

    matches: bool
    fresh_hash: str | None = None


class Passwords:
    """Hashes and checks passwords: HMAC-SHA256 with the pepper first, then argon2id with one lane.

    What is hashed is the composed form (NFC): two keyboards may write one accented letter in two ways.
    """

    def __init__(self, pepper: bytes, *, memory_kib: int, time_cost: int) -> None:
        if len(pepper) < PEPPER_BYTES_MIN:
            raise ValueError(f"the pepper has fewer than {PEPPER_BYTES_MIN} bytes")
        self._pepper = pepper
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        # Checked where no account stands, so that its absence takes as long as a wrong password.
        self._dummy_hash = self._hasher.hash(b"\x00")

    def hash(self, password: str) -> str:
        """Hash a new password."""
        return self._hasher.hash(self._peppered(password))

    def check(self, password: str, stored_hash: str | None) -> Verdict:
        """Check a password against an account's hash or, without one, the dummy, which never matches."""
        try:
            self._hasher.verify(stored_hash or self._dummy_hash, self._peppered(password))
        except (VerificationError, InvalidHashError):
            return Verdict(matches=False)
        if stored_hash is None:
            return Verdict(matches=False)
        stale = self._hasher.check_needs_rehash(stored_hash)
        return Verdict(matches=True, fresh_hash=self.hash(password) if stale else None)

    def pseudonym(self, text: str, day: date) -> str:
        """Return eight signs that stand for a text on one day, by which nobody finds it again."""
        return hmac.digest(self._pepper, f"{day}\x1f{text}".encode(), sha256).hex()[:8]

    def _peppered(self, password: str) -> bytes:
        composed = unicodedata.normalize("NFC", password)
        return b64encode(hmac.digest(self._pepper, composed.encode(), sha256))


Check = Callable[[str, str | None], Verdict]
"""Checks a password against a hash, or against none; Refused("overloaded") when it can't be in time."""


class HashingQueue:
    """Lets few passwords be hashed at once and few more wait; the others are told when to come again.

    Who waits keeps one of the container's workers. At most half of the `workers` may do so, or a rush of
    log-ins would also keep everybody who is logged in already from being known. No password is hashed for a
    caller who would not hear the answer any more.
    """

    def __init__(  # noqa: PLR0913 - its three limits, and what the tests put in the place of time
        self,
        passwords: Passwords,
        *,
        threads: int,
        queue_max: int,
        workers: int,
        run: Callable[..., Verdict] = tpool.execute,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.threads = threads
        self.room = max(1, min(threads + queue_max, workers // 2))
        self._passwords = passwords
        self._turn = Semaphore(threads)
        self._run, self._monotonic = run, monotonic
        self._inside = 0
        self._hash_s = HASH_S
        self._next_return = 0.0

    @contextmanager
    def place(self, left_s: Callable[[], float]) -> Iterator[Check]:
        """Take a place in the queue and get the function that checks a password; Refused("overloaded").

        `left_s` says for how many seconds the caller still listens. The place is taken before anything is
        counted against the account, so that an overload costs no attempt.
        """
        if self._inside >= self.room or left_s() < self._wait_s() + self._needed_s:
            raise self._turned_away("turned away")
        self._inside += 1
        try:
            yield partial(self._check, left_s)
        finally:
            self._inside -= 1

    def pseudonym(self, text: str, day: date) -> str:
        """Return what stands for a text in the log, on one day."""
        return self._passwords.pseudonym(text, day)

    @property
    def _needed_s(self) -> float:
        """Seconds from the turn to the answer."""
        return self._hash_s + ANSWER_S

    def _wait_s(self) -> float:
        """Return after how many seconds those who are inside have been served."""
        return self._inside * self._hash_s / self.threads

    def _turned_away(self, outcome: str) -> Refused:
        """Return the refusal, with a time of return of its own: who comes back finds a place.

        Each is told a later time than the one before, as far apart as passwords are hashed.
        """
        metrics.WORK.labels(WORK, outcome).inc()
        now, apart_s = self._monotonic(), self._needed_s / self.threads
        returns_at = min(max(self._next_return, now + self._wait_s()), now + RETURN_MAX_S)
        self._next_return = returns_at + apart_s
        wait_s = max(1, ceil(returns_at - now))
        return Refused("overloaded", "too many people are logging in", retry_after_s=wait_s)

    def _check(self, left_s: Callable[[], float], password: str, stored_hash: str | None) -> Verdict:
        with self._turn:
            if left_s() < self._needed_s:
                raise self._turned_away("too late")
            began = self._monotonic()
            verdict = self._run(self._passwords.check, password, stored_hash)
            took_s = min(self._monotonic() - began, HASH_MAX_S)
            self._hash_s += WEIGHT_OF_LATEST * (took_s - self._hash_s)
        metrics.WORK.labels(WORK, "done").inc()
        return verdict


class HashingQueueProvider(DependencyProvider):  # type: ignore[misc]
    """Gives every worker of a container the one queue; `make` gets the number of workers when it starts."""

    def __init__(self, make: Callable[[int], HashingQueue]) -> None:
        self._make = make

    def setup(self) -> None:
        """Make the queue; eventlet's pool of real threads gets as few: each keeps the memory of a hash."""
        self.queue = self._make(self.container.max_workers)
        tpool.set_num_threads(self.queue.threads)

    def get_dependency(self, worker_ctx: Any) -> HashingQueue:  # noqa: ARG002  (nameko's signature)
        """Return the same queue for all."""
        return self.queue
