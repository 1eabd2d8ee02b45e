"""Bring a bare machine to where the suite can run: `python3 -m deploy.local.bootstrap [--tests]`.

Standard library only, because it runs before anything is installed. It does again only what changed, and
where it may not install something it says who must run which line. It prints what it does.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import system_packages
from deploy.local.layout import ROOT, SOURCE_ROOTS, VAR, VENV, VENV_PYTHON, private_directory
from deploy.local.system_packages import MissingPackagesError

_PYTHON_MIN = (3, 11)
_INSTALLER = ROOT / "requirements" / "pip.txt"
_REQUIREMENTS = {False: ROOT / "requirements" / "demo.txt", True: ROOT / "requirements" / "dev.txt"}


@contextmanager
def _alone() -> Iterator[None]:
    """Let one set-up of this checkout run at a time."""
    with (private_directory(VAR) / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fingerprint(tests: bool) -> str:  # noqa: FBT001 - which of two files
    content = _INSTALLER.read_bytes() + _REQUIREMENTS[tests].read_bytes()
    return hashlib.sha256(content + sys.version.encode() + str(VENV).encode()).hexdigest()


def _installed(tests: bool) -> bool:  # noqa: FBT001 - which of two sets
    """Say whether the virtual environment holds what it should; the tests' set includes the demo's."""
    return any(
        VENV_PYTHON.exists()
        and _stamp(wanted).exists()
        and _stamp(wanted).read_text() == _fingerprint(wanted)
        for wanted in ({True} if tests else {True, False})
    )


def _stamp(tests: bool) -> Path:  # noqa: FBT001 - which of two sets
    return VENV / (".installed-tests" if tests else ".installed-demo")


def _make_environment() -> None:
    if VENV_PYTHON.exists() and _runs(VENV_PYTHON):
        return
    system_packages.need_venv()
    if VENV.exists():
        shutil.rmtree(VENV)  # begun and not finished, or of a Python that is gone
    print(f"Making the virtual environment {VENV.name}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def _runs(python: Path) -> bool:
    return (
        subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    )


def _install(tests: bool) -> None:  # noqa: FBT001 - which of two sets
    requirements = _REQUIREMENTS[tests]
    print(f"Installing {requirements.relative_to(ROOT)}", flush=True)
    for stamp in (True, False):
        _stamp(stamp).unlink(missing_ok=True)
    for listed in (_INSTALLER, requirements):  # the machine's own pip installs nothing but a pip that we know
        _pip_install(listed)
    _stamp(tests).write_text(_fingerprint(tests))


def _pip_install(requirements: Path) -> None:
    pip = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    # pip warns that root installs into the environment of this checkout; it is meant to
    subprocess.run(
        [*pip, "--root-user-action=ignore", "--require-hashes", "-r", str(requirements)], check=True
    )


def _link_sources() -> None:
    """Make the packages of this checkout importable in its own environment."""
    wanted = "".join(f"{path}\n" for path in SOURCE_ROOTS)
    for packages in (VENV / "lib").glob("python3.*/site-packages"):
        link = packages / "marelle.pth"
        if not link.exists() or link.read_text() != wanted:
            link.write_text(wanted)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tests", action="store_true", help="also what the tests need: tools and a browser")
    return parser.parse_args()


def main() -> int:
    """Set up; return 0, or 1 after saying what is missing and which line installs it."""
    tests = _parse().tests
    if sys.version_info < _PYTHON_MIN:
        print(
            f"Marelle needs Python 3.11 or newer, this is {sys.version.split()[0]}. On Debian 12:",
            file=sys.stderr,
        )
        print("  apt-get install -y python3 python3-venv", file=sys.stderr)
        return 1
    try:
        with _alone():
            _make_environment()
            if not _installed(tests):
                _install(tests)
            _link_sources()
            system_packages.need_programs(browser=tests, broker=not os.environ.get("AMQP_URI"))
    except MissingPackagesError as missing:
        print(missing, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failure:
        print(f"This failed: {' '.join(map(str, failure.cmd))}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
