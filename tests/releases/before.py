"""The release before this one: which it is, and a checkout of it that goes again.

Its environment is its own, made by its own set-up, but with the installer of this checkout: that of some
releases takes the names of today's index for a fault in theirs.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.layout import ROOT

BEFORE = "4b1d40e"
"""The one constant that says it: a commit of this repository."""


@contextmanager
def checked_out(commit: str = BEFORE) -> Iterator[Path]:
    """Check out a commit into a temporary folder, ready to run; it is gone at the end.

    Raises CalledProcessError where the repository has no such commit, as in a shallow clone.
    """
    _run("git", "worktree", "prune")  # what a run left that was killed
    with tempfile.TemporaryDirectory(prefix="release-", ignore_cleanup_errors=True) as folder:
        older = Path(folder) / commit
        _run("git", "worktree", "add", "--quiet", "--detach", str(older), commit)
        try:
            _set_up(older)
            yield older
        finally:
            _run("git", "worktree", "remove", "--force", str(older))


def _set_up(older: Path) -> None:
    environment = older / ".venv"
    _run(sys.executable, "-m", "venv", str(environment))
    install = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
    _run(*install, "--root-user-action=ignore", "-r", str(ROOT / "requirements" / "pip.txt"))
    _run(sys.executable, "-m", "deploy.local.bootstrap", cwd=older)


def _run(*command: str, cwd: Path = ROOT) -> None:
    subprocess.run(command, cwd=cwd, check=True)
