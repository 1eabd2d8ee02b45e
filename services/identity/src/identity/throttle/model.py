"""Where attempts are counted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where attempts to log in are counted: a key, and how many failures it forgives."""

    key: str
    free_failures: int
