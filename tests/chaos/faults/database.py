"""Faults of the database: no primary, and no room on its disk."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, PyMongoError

from chassis.testing.waiting import eventually
from deploy.local.stack import Stack
from tests.chaos.faults.programs import BACK_WITHIN_S, Proof, said

STEPPED_DOWN_S = 3
_BALLAST = "ballast"
_PIECE = bytes(64 * 1024)
_LOOK_AGAIN_S = 0.05


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
    pid, words = stack.supervisor.pid("mongod"), "No space left on device"
    before = said(stack, "mongod", words)

    def proof() -> str:
        complaints = said(stack, "mongod", words) - before
        assert complaints
        assert stack.supervisor.pid("mongod") != pid
        return f"mongod ended itself, and found no room {complaints} times"

    with _kept_full(data / _BALLAST):
        eventually(lambda: stack.supervisor.pid("mongod") != pid, BACK_WITHIN_S)
        yield proof
    eventually(lambda: stack.is_ready("mongod"), BACK_WITHIN_S)


@contextmanager
def _kept_full(ballast: Path) -> Iterator[None]:
    """Take all room, also what becomes free meanwhile: a mongod that starts again gives some back."""
    over = threading.Event()

    def take() -> None:
        with ballast.open("wb", buffering=0) as file:
            while not over.wait(_LOOK_AGAIN_S):
                with suppress(OSError):
                    while True:
                        file.write(_PIECE)

    taker = threading.Thread(target=take, daemon=True)
    taker.start()
    try:
        yield
    finally:
        over.set()
        taker.join()
        ballast.unlink()


def _leads(client: MongoClient[dict[str, Any]]) -> bool:
    try:
        return bool(client.admin.command("hello")["isWritablePrimary"])
    except PyMongoError:
        return False


def _term(client: MongoClient[dict[str, Any]]) -> int:
    return int(client.admin.command("replSetGetStatus")["term"])
