"""Faults of the database: no primary, and no room on its disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, PyMongoError

from chassis.testing.waiting import eventually
from deploy.local.stack import Stack
from tests.chaos.faults.programs import BACK_WITHIN_S, Proof

STEPPED_DOWN_S = 4
_BALLAST = "ballast"
_PIECE = bytes(1024 * 1024)
_LEFT_MAX = 64 * 1024


@contextmanager
def stepped_down(stack: Stack) -> Iterator[Proof]:
    """Make the only member of the replica set a secondary for some seconds; then it elects itself again."""
    with MongoClient[dict[str, Any]](stack.mongodb_uri, directConnection=True) as client:
        term = _term(client)
        with suppress(ConnectionFailure):  # it may close the connection of who asked for it
            client.admin.command("replSetStepDown", STEPPED_DOWN_S, secondaryCatchUpPeriodSecs=0, force=True)
        assert not _leads(client)
        yield lambda: f"no primary for {STEPPED_DOWN_S} s after term {term}"
        eventually(lambda: _leads(client) and _term(client) > term, BACK_WITHIN_S)


@contextmanager
def disk_full(stack: Stack) -> Iterator[Proof]:
    """Fill the disk on which the database lies; it must be a small one (see `small_disk`)."""
    data = stack.directory / "mongod" / "data"
    ballast, pid = data / _BALLAST, stack.supervisor.pid("mongod")
    _fill(ballast)

    def proof() -> str:
        left = os.statvfs(data)
        assert left.f_bavail * left.f_frsize <= _LEFT_MAX
        assert stack.supervisor.pid("mongod") != pid, "it never needed the room"
        return "no room left, mongod ended itself"

    try:
        eventually(lambda: stack.supervisor.pid("mongod") != pid, BACK_WITHIN_S)
        yield proof
    finally:
        ballast.unlink()
        eventually(lambda: stack.is_ready("mongod"), BACK_WITHIN_S)


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (len(_PIECE), 4096):
            with suppress(OSError):
                while True:
                    file.write(_PIECE[:size])


def _leads(client: MongoClient[dict[str, Any]]) -> bool:
    try:
        return bool(client.admin.command("hello")["isWritablePrimary"])
    except PyMongoError:
        return False


def _term(client: MongoClient[dict[str, Any]]) -> int:
    return int(client.admin.command("replSetGetStatus")["term"])
