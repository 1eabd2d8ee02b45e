"""Argon2id, the one provider that identity needs: slow by design, and therefore kept off the event loop.

Which passwords are taken at all is a rule; what is stored is only what `Passwords` returns.
"""

import hmac
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from eventlet import tpool
from eventlet.semaphore import Semaphore
from nameko.extensions import DependencyProvider

from chassis.values.errors import Refused

PEPPER_BYTES_MIN = 16
SECONDS_PER_HASH = 0.05


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

    def _peppered(self, password: str) -> bytes:
        composed = unicodedata.normalize("NFC", password)
        return b64encode(hmac.digest(self._pepper, composed.encode(), sha256))


class HashingQueue:
    """Lets few passwords be hashed at once and few more wait; the others are told when to come again.

    Who waits keeps one of the container's workers. At most half of the `workers` may do so, or a rush of
    log-ins would also keep everybody who is logged in already from being known.
    """

    def __init__(
        self,
        passwords: Passwords,
        *,
        threads: int,
        queue_max: int,
        workers: int,
        run: Callable[..., Verdict] = tpool.execute,
    ) -> None:
        self.threads = threads
        self.room = max(1, min(threads + queue_max, workers // 2))
        self._passwords = passwords
        self._turn = Semaphore(threads)
        self._run = run
        self._inside = 0

    @contextmanager
    def place(self) -> Iterator[Callable[[str, str | None], Verdict]]:
        """Take a place in the queue and get the function that checks a password; Refused("overloaded").

        It is taken before anything is counted against the account, so that an overload costs no attempt.
        """
        if self._inside >= self.room:
            wait_s = 1 + int(self._inside * SECONDS_PER_HASH / self.threads)
            raise Refused("overloaded", "too many people are logging in", retry_after_s=wait_s)
        self._inside += 1
        try:
            yield self._check
        finally:
            self._inside -= 1

    def _check(self, password: str, stored_hash: str | None) -> Verdict:
        with self._turn:
            return self._run(self._passwords.check, password, stored_hash)


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
