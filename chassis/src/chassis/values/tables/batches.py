"""Many things in runs that a write can bear."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_batches(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the things in runs of at most `size`, for writes that must stay small."""
    for start in range(0, len(things), size):
        yield things[start : start + size]
