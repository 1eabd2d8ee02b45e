"""Where attempts are counted, and the devices that are known."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many failures are free, how long to wait after those that follow, and how fast all are forgotten.

    The first wait is `first_wait_s` seconds; each further one is twice the one before, up to `wait_max_s`.
    """

    free_failures: int
    first_wait_s: int
    wait_max_s: int
    forgotten_every_s: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where attempts to log in are counted: a key, and what is allowed there."""

    key: str
    allowance: Allowance


@dataclass(frozen=True, slots=True)
class Device:
    """A browser or program from which an account logged in, known by a token of which the hash is kept."""

    sha256: str
    logged_in_at: datetime
