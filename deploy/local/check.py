"""`make test`: every stage in a process of its own, on real parts, with the time that each took.

`python -m deploy.local.check [STAGE…]` runs some of them, in the order below; what a stage is, and how a run
ends, is said by `stages`. What takes too long for here is in `long`.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from pymongo import MongoClient

from deploy.local import stages
from deploy.local.infrastructure import Infrastructure
from deploy.local.layout import ROOT, SERVICES
from deploy.local.stages import Stage, pytest, run, tests

_SOURCES = ("chassis/src", *(f"services/{name}/src" for name in SERVICES), "gateway/src", "deploy")
# eventlet is patched in before anything else is imported
_PATCH = ("-p", "chassis.testing.patch")
_PATCHED = ("chassis", *SERVICES, "contracts")
# the chassis declares a topology of its own where the others declare the house's; all of them wait a lot
_TOGETHER = (("chassis",), ("booking", "contracts"), ("identity", "family", "billing", "notify"))


def patched(paths: Sequence[str], chosen: str, *options: str) -> int:
    """Run tests of what runs on eventlet, those that `chosen` (of pytest's `-m`) leaves."""
    return pytest(paths, *_PATCH, "-m", chosen, *options)


def on_real_parts(
    groups: Sequence[Sequence[str]], chosen: str, *options: str, extra: Mapping[str, str] | None = None
) -> int:
    """Run `patched` for each group of paths, all at once, on a broker and a database of the run's own."""
    parts = Infrastructure(
        "check", mongodb_uri=os.environ.get("MONGODB_URI"), amqp_uri=os.environ.get("AMQP_URI"), fresh=True
    )
    with parts:
        if not os.environ.get("MONGODB_URI"):
            _let_time_stand_still(parts.mongodb_uri)
        told = {**parts.test_environment(), **(extra or {})}
        if "RABBITMQCTL" in told:
            return _pytest_together(groups, *_PATCH, "-m", chosen, *options, extra=told)
        # one virtual host for all: they take turns, and users can't be made
        print("The broker was given: what its users may do is shown on a broker of one's own only.")
        chosen = f"({chosen}) and not own_broker"
        return max(_pytest_together([group], *_PATCH, "-m", chosen, *options, extra=told) for group in groups)


def _let_time_stand_still(mongodb_uri: str) -> None:
    """Keep mongod from dropping what is old by its own clock: those of the tests stand still, on any day."""
    with MongoClient[dict[str, Any]](mongodb_uri) as client:
        client.admin.command("setParameter", 1, ttlMonitorEnabled=False)


def _pytest_together(
    groups: Sequence[Sequence[str]], *options: str, extra: Mapping[str, str] | None = None
) -> int:
    """Run a pytest for each group of paths, all at once, and print what each said when it has ended."""
    environment = {**os.environ, **(extra or {})}
    with contextlib.ExitStack() as open_files:
        runs = []
        for paths in groups:
            said = open_files.enter_context(tempfile.TemporaryFile())
            begun = subprocess.Popen(
                stages.pytest_command(paths, options),
                cwd=ROOT,
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
            runs.append((begun, said))
        return max(_heard(begun, said) for begun, said in runs)


def _heard(begun: subprocess.Popen[bytes], said: IO[bytes]) -> int:
    status = begun.wait()
    said.seek(0)
    print(said.read().decode(errors="replace"), flush=True)
    return abs(status)


def lint() -> int:
    """Check style and form."""
    return run(_tool("ruff"), "check", ".") or run(_tool("ruff"), "format", "--check", ".")


def types() -> int:
    """Check types, strictly."""
    return stages.module("mypy", *(path for path in _SOURCES if (ROOT / path).exists()))


def arrows() -> int:
    """Check who imports whom."""
    return run(_tool("lint-imports"), "--no-cache")


def unit() -> int:
    """Run the tests that need no real part; they must cover every branch of model and rules."""
    coverage = ["--cov", "--cov-report=term:skip-covered", "--cov-fail-under=100"]
    return patched(tests(*_PATCHED), "pure and not long", *coverage)


def services() -> int:
    """Run the other tests of chassis, services and contracts, on a broker and a database of the run's own."""
    return on_real_parts([tests(*names) for names in _TOGETHER], "not pure")


def gateway() -> int:
    """Run the tests of the gateway and of the local run."""
    return pytest(tests("gateway", "deploy"))


def journeys() -> int:
    """Run the journeys over HTTP, those that wait for an outage on a stack of their own, then releases."""
    together = _pytest_together([tests("journeys"), tests("outages")])
    return max(together, pytest(tests("releases")))


def browser() -> int:
    """Run the journeys in a browser."""
    return pytest(tests("browser"))


def chaos() -> int:
    """Run what must hold while programs are killed."""
    return pytest(tests("chaos"))


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


if __name__ == "__main__":
    sys.exit(stages.main(STAGES, __doc__))
