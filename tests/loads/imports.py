"""`python -m tests.loads.imports`: fifty thousand bookings in one command, and what it took of every process.

The town is that of the measurements: 180 children of 800 stand in each of three activities on each of 93
days; what is prepaid is left out, for billing would have to bring its money over first. All rows must be
booked, at the first run and never twice, what follows from them must hold, and no process may grow by more
than it would for a short file: who reads a town's year must not need its memory.
"""

import csv
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
from pymongo import MongoClient

from bench import town
from booking.commands.bookings import BOOKED
from chassis.testing.waiting import eventually
from deploy.fsck.report import converged
from deploy.local import fsck
from deploy.local.layout import ROOT, SERVICES
from deploy.local.lifeline import end_with_parent
from deploy.local.stack import Stack

NAME = "loads-imports"
ROWS = 50_000
LASTS_MAX_S = 1800.0
GROWTH_MAX_MIB = 256.0
"""Of each program of ours, the import too; mongod keeps what it is given (a cache), and is only told."""
LOOK_EVERY_S = 0.25
MIB = 1024 * 1024
OURS = ("front", "gateway", *SERVICES, "rabbitmq")


@dataclass
class Sizes:
    """How large each program was at its smallest and at its largest, in MiB, with all its children."""

    first: dict[str, float] = field(default_factory=dict)
    peak: dict[str, float] = field(default_factory=dict)

    def see(self, name: str, pid: int) -> None:
        """Look at one program; one that has ended is not looked at."""
        try:
            process = psutil.Process(pid)
            family = [process, *process.children(recursive=True)]
            now = sum(each.memory_info().rss for each in family) / MIB
        except psutil.NoSuchProcess:
            return
        self.first.setdefault(name, now)
        self.peak[name] = max(self.peak.get(name, now), now)


def main() -> int:
    """Import, print, and judge; 1 when a row was lost, something grew, or an invariant does not hold."""
    end_with_parent()
    with Stack(NAME, fresh=True) as stack, MongoClient[dict[str, Any]](stack.mongodb_uri) as mongo:
        today = datetime.now(UTC).date()
        town.load(stack, today)
        children = town.FAMILIES * town.CHILDREN
        eventually(lambda: mongo["booking"]["children"].estimated_document_count() >= children, timeout_s=60)
        files = _written(stack.directory / "bookings", today)
        sizes, told, lasted_s = _imported(stack, files)
        booked = _standing(mongo)
        _again, told_again, again_s = _imported(stack, files)
        findings = converged(fsck.where(stack))
        booked_again = _standing(mongo)
    grown = {name: peak - sizes.first[name] for name, peak in sizes.peak.items()}
    too_large = [name for name in (*OURS, "import") if grown.get(name, 0.0) > GROWTH_MAX_MIB]
    told_sizes = (
        f"  {name:<10} {sizes.first[name]:7.0f} MiB at first, {peak:7.0f} at most"
        for name, peak in sizes.peak.items()
    )
    lines = [
        f"{ROWS} rows: {booked} booked in {lasted_s:.0f} s, {told}",
        f"and again: {booked_again} in {again_s:.0f} s, {told_again}",
        *told_sizes,
        *(f"{name} grew by more than {GROWTH_MAX_MIB:.0f} MiB" for name in too_large),
        *(findings or ["fsck: all invariants hold"]),
    ]
    print("\n".join(lines))  # noqa: T201
    right = booked == booked_again == ROWS and told == told_again == "exit status 0"
    return 0 if right and not findings and not too_large else 1


def _rows(today: date) -> Iterator[tuple[object, ...]]:
    """Rows of all families' children in turn, day by day, as many in each activity as it has room for."""
    names = [f"c{number}-{rank}" for number in range(town.FAMILIES) for rank in range(town.CHILDREN)]
    for offset, day in enumerate(town.weekdays(today)):
        for activity, part in town.PARTS.items():
            if activity == town.PREPAID:
                continue
            for place in range(town.SEATS):
                child = names[(offset * town.SEATS + place) % len(names)]
                family = child.partition("-")[0].replace("c", "f")
                yield (child, activity, town.CENTRE, day, part, family, "accepted")


def _written(directory: Path, today: date) -> Path:
    """Write the one file of bookings, without the others: they were read before."""
    directory.mkdir()
    with (directory / "bookings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow((*BOOKED, "family_reference", "state"))
        writer.writerows(islice(_rows(today), ROWS))
    return directory


def _imported(stack: Stack, files: Path) -> tuple[Sizes, str, float]:
    """Run the command and look at every program meanwhile; how it ended, and how long it took in seconds."""
    arguments = ["import", str(files), "--organisation", town.SLUG]
    began, log = time.monotonic(), (stack.directory / "log" / "import.log").open("ab")
    with (
        log,
        subprocess.Popen(
            [sys.executable, "-m", "booking.commands", *arguments],
            cwd=ROOT,
            env=stack.env("booking"),
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as importing,
    ):
        pids = {name: stack.supervisor.pid(name) for name in (*OURS, "mongod")} | {"import": importing.pid}
        with _looking(pids) as sizes:
            status = importing.wait(timeout=LASTS_MAX_S)
    return sizes, f"exit status {status}", time.monotonic() - began


@contextmanager
def _looking(pids: Mapping[str, int]) -> Iterator[Sizes]:
    sizes, ended = Sizes(), threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_EVERY_S):
            for name, pid in pids.items():
                sizes.see(name, pid)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield sizes
    finally:
        ended.set()
        watcher.join()


def _standing(mongo: MongoClient[dict[str, Any]]) -> int:
    """How many have a seat."""
    together = {"$group": {"_id": None, "taken": {"$sum": {"$size": "$taken"}}}}
    found = next(iter(mongo["booking"]["seats"].aggregate([together])), {"taken": 0})
    return int(found["taken"])


if __name__ == "__main__":
    sys.exit(main())
