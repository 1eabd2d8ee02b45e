"""Where a scenario runs: the suite as it is, or the same work without a bus on the same database.

A ground knows its address, the processes that do its work, and when all that follows from its requests is
done.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from bench.journeys import Family, good
from bench.load import Journey, request, run
from bench.meter import cpu_seconds
from bench.town import FAMILIES, PASSWORD, login
from chassis.testing.waiting import eventually
from deploy.fsck import messages
from deploy.local.layout import ROOT, SERVICES, write_private
from deploy.local.ports import LOOPBACK
from deploy.local.stack import Stack
from deploy.local.supervision import TIED

SETTLED_S = 180.0
SUITE, FLAT, BUSLESS = "suite", "flat", "busless"
_APPLICATIONS = {FLAT: "bench.flat:create_app()", BUSLESS: "bench.flat:create_gateway()"}


@dataclass(frozen=True)
class Ground:
    """One place to measure; `pids` are the programs whose CPU counts."""

    name: str
    address: tuple[str, int]
    pids: Mapping[str, int]
    stack: Stack
    mongo: MongoClient[dict[str, Any]]

    def cpu(self) -> Mapping[str, float]:
        """Return the CPU seconds used so far, by program."""
        return cpu_seconds(self.pids)

    def settle(self) -> None:
        """Wait until everything that was written has been told to everybody."""
        databases = {name: self.mongo[name] for name in ("booking", "billing")}

        def done() -> bool:
            if any(messages.rows_are_sent(databases, datetime.now(UTC))):
                return False
            return self.name != SUITE or not any(messages.queues_are_empty(self.stack.amqp_uri))

        eventually(done, timeout_s=SETTLED_S)
        time.sleep(0.05)  # the last message may still be in a handler's hands


def suite(stack: Stack, mongo: MongoClient[dict[str, Any]]) -> Ground:
    """Return the running suite as a ground: every program but the mail catcher and the payment page."""
    names = ("front", "gateway", *SERVICES, "mongod", "rabbitmq")
    pids = {name: stack.supervisor.pid(name) for name in names}
    return Ground(SUITE, (LOOPBACK, stack.ports["front"]), pids, stack, mongo)


@contextmanager
def without_bus(
    name: str, stack: Stack, mongo: MongoClient[dict[str, Any]], families: list[Family]
) -> Iterator[Ground]:
    """Stop the suite's own programs and put one application in their place, under the gateway's gunicorn."""
    for program in ("gateway", *SERVICES):
        stack.stop_program(program)
    known = stack.directory / "sessions.json"
    write_private(known, json.dumps({family.token: family.session for family in families}))
    uri = write_private(stack.directory / "secrets" / "bench.mongodb_uri", stack.mongodb_uri)
    environment = {
        **stack.env("billing"),
        **stack.env("gateway"),
        "MONGODB_URI_FILE": str(uri),
        "BENCH_SESSIONS": str(known),
    }
    address = (LOOPBACK, stack.ports["front"])
    shape = ["gunicorn", "--config", "gateway/gunicorn.conf.py", _APPLICATIONS[name]]
    log = stack.directory / "log" / f"{name}.log"
    with (
        beside(shape, environment, log) as application,
        beside(["bench.drain"], environment, log) as rest,
    ):
        eventually(lambda: _listens((LOOPBACK, stack.ports["gateway"])), timeout_s=30)
        pids = {
            "front": stack.supervisor.pid("front"),
            "application": application.pid,
            "drain": rest.pid,
            "mongod": stack.supervisor.pid("mongod"),
        }
        yield Ground(name, address, pids, stack, mongo)
    for program in (*SERVICES, "gateway"):
        stack.start_program(program)
    stack.wait_ready()


@contextmanager
def beside(module: list[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of Python beside the stack, with its output added to `log`; end it afterwards."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*TIED, sys.executable, "-m", *module],
            cwd=ROOT,
            env={**environment, "PATH": os.environ["PATH"]},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _listens(address: tuple[str, int]) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(address) == 0


def logged_in(address: tuple[str, int]) -> list[Family]:
    """Log every family in, once for all scenarios."""
    families: list[Family] = []
    run(address, [_log_in(number, families) for number in range(FAMILIES)], clients=2)
    return families


def _log_in(number: int, into: list[Family]) -> Journey:
    credentials = {"login": login(number), "password": PASSWORD}
    answer = yield request("POST", "/api/v1/sessions", "", credentials)
    opened = good(answer).json()
    children = (yield request("GET", "/api/v1/children", opened["token"])).json()["data"]
    into.append(Family(opened["token"], opened["session"], tuple(child["id"] for child in children)))
    return "logged in"
