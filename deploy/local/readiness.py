"""Waiting until a program that was started can be used, with a deadline and a reason."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus

_PAUSE_S = 0.1
_ANSWER_S = 2.0


class NotReadyError(Exception):
    """A program was not ready in time; the message names it."""


def answers_ok(url: str) -> bool:
    """Say whether a GET of `url` is answered with 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=_ANSWER_S) as response:  # noqa: S310 - our own loopback address
            return bool(response.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def wait_until(ready: Callable[[], bool], what: str, timeout_s: float) -> None:
    """Poll `ready` until it is true. Raises NotReadyError, naming `what`, after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while not ready():
        if time.monotonic() > deadline:
            raise NotReadyError(f"{what} was not ready within {timeout_s:g} s")
        time.sleep(_PAUSE_S)
