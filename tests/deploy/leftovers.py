"""Which processes of a stack are still there."""

import contextlib
from pathlib import Path

import psutil

from deploy.local.supervision import MARK


def processes_of(directory: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK) == str(directory) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
