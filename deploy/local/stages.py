"""Stages of a run of the tests: each in processes of its own, timed, and failed when it leaves one running.

Which stages there are is said by `check`, which is `make test`, and by `long`. A stage that fails does not
keep the others from running. Which tests failed is said once more at the end, with the seed of their order.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from deploy.local import leavings
from deploy.local.infrastructure import MissingProgramsError
from deploy.local.layout import ROOT
from deploy.local.lifeline import end_with_parent
from deploy.local.mongod import DatabaseNotReadyError
from deploy.local.readiness import NotReadyError
from deploy.local.supervision import TIED, SupervisionFailedError

_FAILURES = (NotReadyError, MissingProgramsError, SupervisionFailedError, DatabaseNotReadyError)
FAILED_TESTS = "FAILED_TESTS"


@dataclass(frozen=True)
class Stage:
    """One part of a run: its name, what it is, and how it is run (returns an exit status)."""

    name: str
    title: str
    run: Callable[[], int]


def run(*command: str) -> int:
    """Run a command in the checkout; return its exit status."""
    return subprocess.run([*TIED, *command], cwd=ROOT, check=False).returncode


def module(name: str, *arguments: str) -> int:
    """Run a module of the checkout."""
    return run(sys.executable, "-m", name, *arguments)


def pytest_command(paths: Sequence[str], options: Sequence[str]) -> list[str]:
    """Give the command that runs these tests."""
    return [*TIED, sys.executable, "-m", "pytest", "-q", "--durations=5", *options, *paths]


def pytest(paths: Sequence[str], *options: str) -> int:
    """Run these tests."""
    return subprocess.run(pytest_command(paths, options), cwd=ROOT, check=False).returncode


def tests(*directories: str) -> list[str]:
    """Give the paths of tests by what stands below `tests`."""
    return [f"tests/{name}" for name in directories]


def _timed(stage: Stage) -> tuple[int, float]:
    print(f"\n=== {stage.name}: {stage.title}", flush=True)
    started = time.monotonic()
    with leavings.temporary_folder() as folder:
        try:
            status = stage.run()
        except _FAILURES as failure:
            print(failure, file=sys.stderr)
            status = 1
        for left in leavings.still_running(folder):
            print(f"left running: {left}", file=sys.stderr)
            status = status or 1
    seconds = time.monotonic() - started
    print(f"=== {stage.name}: {'passed' if status == 0 else 'FAILED'} in {seconds:.1f} s", flush=True)
    return status, seconds


@contextlib.contextmanager
def _what_failed() -> Iterator[IO[str]]:
    """Open what the tests of every stage note when they fail; tests/conftest.py does so."""
    before = os.environ.get(FAILED_TESTS)
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", prefix="failed-tests-") as failed:
        os.environ[FAILED_TESTS] = failed.name
        try:
            yield failed
        finally:
            os.environ.pop(FAILED_TESTS)
            os.environ.update({FAILED_TESTS: before} if before else {})


def main(stages: Sequence[Stage], description: str) -> int:
    """Run the stages named on the command line, or all; return 1 when any failed."""
    parser = argparse.ArgumentParser(description=description.partition("\n")[0])
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=", ".join(stage.name for stage in stages))
    wanted = parser.parse_args().stages
    unknown = set(wanted) - {stage.name for stage in stages}
    if unknown:
        parser.error(f"no such stage: {', '.join(sorted(unknown))}")
    end_with_parent()
    with _what_failed() as failed:
        results = {stage.name: _timed(stage) for stage in stages if not wanted or stage.name in wanted}
        print()
        for name, (status, seconds) in results.items():
            print(f"{name:<10} {'passed' if status == 0 else 'FAILED'} {seconds:7.1f} s")
        print(failed.read(), end="")
    return 1 if any(status for status, _ in results.values()) else 0
