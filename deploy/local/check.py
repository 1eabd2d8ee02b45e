"""`make test`: every stage in a process of its own, on real parts, with the time that each took.

`python -m deploy.local.check [STAGE…]` runs some of them, in the order below. A stage that fails does not
keep the others from running; the exit status is 1 when any failed. A stage that leaves a process running has
failed too.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pymongo import MongoClient

from deploy.local import leavings
from deploy.local.infrastructure import Infrastructure, MissingProgramsError
from deploy.local.layout import ROOT, SERVICES
from deploy.local.lifeline import end_with_parent
from deploy.local.mongod import DatabaseNotReadyError
from deploy.local.readiness import NotReadyError
from deploy.local.supervision import TIED, SupervisionFailedError

_SOURCES = ("chassis/src", *(f"services/{name}/src" for name in SERVICES), "gateway/src", "deploy")
# eventlet is patched in before anything else is imported
_PATCH = ("-p", "chassis.testing.patch")
_PATCHED = ("chassis", *SERVICES, "contracts")
# the chassis declares a topology of its own where the others declare the house's; all of them wait a lot
_TOGETHER = (("chassis",), ("booking", "contracts"), ("identity", "family", "billing", "notify"))
_FAILURES = (NotReadyError, MissingProgramsError, SupervisionFailedError, DatabaseNotReadyError)


@dataclass(frozen=True)
class Stage:
    """One part of the tests: its name, what it is, and how it is run (returns an exit status)."""

    name: str
    title: str
    run: Callable[[], int]


def _run(*command: str) -> int:
    return subprocess.run([*TIED, *command], cwd=ROOT, check=False).returncode


def _pytest_command(paths: Sequence[str], options: Sequence[str]) -> list[str]:
    return [*TIED, sys.executable, "-m", "pytest", "-q", "--durations=5", *options, *paths]


def _pytest(paths: Sequence[str], *options: str) -> int:
    return _run(*_pytest_command(paths, options))


def _pytest_together(
    groups: Sequence[Sequence[str]], *options: str, extra: Mapping[str, str] | None = None
) -> int:
    """Run a pytest for each group of paths, all at once, and print what each said when it has ended."""
    environment = {**os.environ, **(extra or {})}
    with contextlib.ExitStack() as open_files:
        runs = []
        for paths in groups:
            said = open_files.enter_context(tempfile.TemporaryFile())
            run = subprocess.Popen(
                _pytest_command(paths, options),
                cwd=ROOT,
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
            runs.append((run, said))
        return max(_heard(run, said) for run, said in runs)


def _heard(run: subprocess.Popen[bytes], said: IO[bytes]) -> int:
    status = run.wait()
    said.seek(0)
    print(said.read().decode(errors="replace"), flush=True)
    return abs(status)


def _tests(*directories: str) -> list[str]:
    return [f"tests/{name}" for name in directories]


def lint() -> int:
    """Check style and form."""
    return _run(_tool("ruff"), "check", ".") or _run(_tool("ruff"), "format", "--check", ".")


def types() -> int:
    """Check types, strictly."""
    return _run(sys.executable, "-m", "mypy", *(path for path in _SOURCES if (ROOT / path).exists()))


def arrows() -> int:
    """Check who imports whom."""
    return _run(_tool("lint-imports"), "--no-cache")


def unit() -> int:
    """Run the tests that need no real part; they must cover every branch of model and rules."""
    coverage = ["--cov", "--cov-report=term:skip-covered", "--cov-fail-under=100"]
    return _pytest(_tests(*_PATCHED), *_PATCH, "-m", "pure", *coverage)


def services() -> int:
    """Run the other tests of chassis, services and contracts, on a broker and a database of the run's own."""
    parts = Infrastructure(
        "check", mongodb_uri=os.environ.get("MONGODB_URI"), amqp_uri=os.environ.get("AMQP_URI"), fresh=True
    )
    groups = [_tests(*names) for names in _TOGETHER]
    with parts:
        if not os.environ.get("MONGODB_URI"):
            _let_time_stand_still(parts.mongodb_uri)
        told = parts.test_environment()
        if "RABBITMQCTL" in told:
            return _pytest_together(groups, *_PATCH, "-m", "not pure", extra=told)
        # one virtual host for all: they take turns, and users can't be made
        print("The broker was given: what its users may do is shown on a broker of one's own only.")
        chosen = (*_PATCH, "-m", "not pure and not own_broker")
        return max(_pytest_together([group], *chosen, extra=told) for group in groups)


def _let_time_stand_still(mongodb_uri: str) -> None:
    """Keep mongod from dropping what is old by its own clock: those of the tests stand still, on any day."""
    with MongoClient[dict[str, Any]](mongodb_uri) as client:
        client.admin.command("setParameter", 1, ttlMonitorEnabled=False)


def gateway() -> int:
    """Run the tests of the gateway and of the local run."""
    return _pytest(_tests("gateway", "deploy"))


def journeys() -> int:
    """Run the journeys over HTTP, those that wait for an outage on a stack of their own, then releases."""
    together = _pytest_together([_tests("journeys"), _tests("outages")])
    return max(together, _pytest(_tests("releases")))


def browser() -> int:
    """Run the journeys in a browser."""
    return _pytest(_tests("browser"))


def chaos() -> int:
    """Run what must hold while programs are killed."""
    return _pytest(_tests("chaos"))


STAGES = (
    Stage("lint", "lint", lint),
    Stage("types", "types", types),
    Stage("arrows", "arrows", arrows),
    Stage("unit", "model and rules, every branch", unit),
    Stage("services", "chassis, services and contracts on a real broker and database", services),
    Stage("gateway", "gateway and local run", gateway),
    Stage("journeys", "journeys over HTTP, and an older database", journeys),
    Stage("browser", "journeys in a browser", browser),
    Stage("chaos", "chaos", chaos),
)


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


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


def main() -> int:
    """Run the stages named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=", ".join(stage.name for stage in STAGES))
    wanted = parser.parse_args().stages
    unknown = set(wanted) - {stage.name for stage in STAGES}
    if unknown:
        parser.error(f"no such stage: {', '.join(sorted(unknown))}")
    end_with_parent()
    results = {stage.name: _timed(stage) for stage in STAGES if not wanted or stage.name in wanted}
    print()
    for name, (status, seconds) in results.items():
        print(f"{name:<10} {'passed' if status == 0 else 'FAILED'} {seconds:7.1f} s")
    return 1 if any(status for status, _ in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
