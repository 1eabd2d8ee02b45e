"""A disk of the run's own that is small enough to be filled: memory, mounted where no other program sees it.

It takes a mount namespace, which root may always make and others only where the kernel lets them. Whatever
was mounted is gone with the last program of the run.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_INSIDE = "MARELLE_SMALL_DISK"
_SIZE = "1g"
_WAYS = (
    ("unshare", "--mount", "--propagation", "private"),
    ("unshare", "--user", "--map-root-user", "--mount", "--propagation", "private"),
)


def go_inside(module: str, arguments: Sequence[str]) -> bool:
    """Start `module` anew where a disk may be mounted; False where this machine allows none."""
    if os.environ.get(_INSIDE):
        return True
    for way in _WAYS:
        if subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
            os.environ[_INSIDE] = "1"
            os.execvp(way[0], [*way, sys.executable, "-m", module, *arguments])
    return False


def mount(directory: Path) -> None:
    """Put the small disk at a directory, which is made."""
    directory.mkdir(parents=True, mode=0o700)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=0700", "tmpfs", str(directory)], check=True
    )
