"""The demo towns in a stack: written as import files, and read by each service's own import command."""

import hashlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from deploy.demo import carteville, town, valmont
from deploy.demo.town import Town
from deploy.local.layout import ROOT, write_private
from deploy.local.stack import Stack

IMPORTING = (("identity", "family"), ("booking", "billing"))
"""Who reads files side by side, and who after them: booking hears of children from family."""

_IMPORT_S = 300


class ImportFailedError(Exception):
    """A service did not accept its files; the message is its report."""


TOWNS = (carteville.TOWN, valmont.TOWN)


QUICK = {"IDENTITY_ARGON2_MEMORY_KIB": "8", "IDENTITY_ARGON2_TIME_COST": "1"}
"""For tests: a town's passwords are hashed lightly at the import, and in earnest by whoever logs in."""


def load(
    stack: Stack, today: date, towns: Sequence[Town] = TOWNS, environment: Mapping[str, str] | None = None
) -> None:
    """Write the files of the towns and have every service import its own. The stack must be running.

    `environment` is laid over that of the services while they import.
    """
    for each in towns:
        town.write(each, _files(stack, each), today)
    for side_by_side in IMPORTING:
        with ThreadPoolExecutor(len(side_by_side)) as pool:
            list(pool.map(lambda service: _import(stack, service, towns, environment or {}), side_by_side))
    write_private(_stamp(stack), f"{_database(stack)} {today.isoformat()}")


def loaded_on(stack: Stack) -> date | None:
    """Return the day for which the town in the stack's database was made, or None."""
    if not _stamp(stack).exists():
        return None
    database, day = _stamp(stack).read_text(encoding="utf-8").split()
    return date.fromisoformat(day) if database == _database(stack) else None


def run_command(
    stack: Stack, service: str, arguments: Sequence[str], environment: Mapping[str, str] | None = None
) -> str:
    """Run a command of a service as that service, and return what it printed. Raises ImportFailedError."""
    result = subprocess.run(
        [sys.executable, "-m", f"{service}.commands", *arguments],
        cwd=ROOT,
        env={**stack.env(service), **(environment or {})},
        capture_output=True,
        text=True,
        timeout=_IMPORT_S,
        check=False,
    )
    if result.returncode:
        raise ImportFailedError(f"{service} {' '.join(arguments)}:\n{result.stdout}{result.stderr}")
    return result.stdout


def _import(stack: Stack, service: str, towns: Sequence[Town], environment: Mapping[str, str]) -> None:
    for each in towns:
        arguments = ["import", str(_files(stack, each)), "--organisation", each.slug]
        run_command(stack, service, arguments, environment)


def _files(stack: Stack, each: Town) -> Path:
    return stack.directory / "towns" / each.slug


def _stamp(stack: Stack) -> Path:
    return stack.directory / "town.stamp"


def _database(stack: Stack) -> str:
    return hashlib.sha256(stack.mongodb_uri.rpartition("@")[2].encode()).hexdigest()[:16]
