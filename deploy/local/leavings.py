"""That a run of the tests leaves nothing behind: no file in the temporary folder, no process.

Every stage gets a temporary folder of its own, which is deleted after it with whatever killed programs left
there. Everything that the stage starts inherits the folder's name, by which what still runs is found.
"""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator

import psutil

_ENDING_S = 10.0
_PAUSE_S = 0.2


@contextlib.contextmanager
def temporary_folder() -> Iterator[str]:
    """A temporary folder for us and whatever we start, deleted at the end."""
    before = os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory(prefix="marelle-", ignore_cleanup_errors=True) as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        try:
            yield folder
        finally:
            tempfile.tempdir = None
            del os.environ["TMPDIR"]
            if before is not None:
                os.environ["TMPDIR"] = before


def still_running(folder: str, within_s: float = _ENDING_S) -> list[str]:
    """Return "pid command" of each program that was started with this folder and has not ended in time."""
    deadline = time.monotonic() + within_s
    while found := _started_with(folder):
        if time.monotonic() >= deadline:
            return found
        time.sleep(_PAUSE_S)
    return []


def _started_with(folder: str) -> list[str]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("TMPDIR") == folder and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {' '.join(process.cmdline())[:200]}")
    return found
