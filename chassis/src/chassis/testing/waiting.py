"""Waiting for what happens soon, without sleeping for what might not."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE_S = 0.02
PATIENCE_S = 60.0
"""How soon is no question to a test: a busy machine takes its time, and what never happens ends the wait."""


def eventually(probe: Callable[[], T], timeout_s: float = PATIENCE_S) -> T:
    """Call `probe` until it returns something true, and return that.

    An AssertionError of the probe counts as not yet; after `timeout_s` the last one is raised, or a new one.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        failure: AssertionError | None = None
        try:
            if found := probe():
                return found
        except AssertionError as error:
            failure = error
        if time.monotonic() >= deadline:
            raise failure or AssertionError(f"still not so after {timeout_s} s")
        time.sleep(PAUSE_S)
