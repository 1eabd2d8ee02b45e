"""What was used: CPU seconds of every process, and what the database was asked for.

CPU is utime + stime of each program of the suite with all its children; the clients are none of them.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psutil
from pymongo import MongoClient

Cpu = Callable[[], Mapping[str, float]]
OPERATIONS = ("query", "getmore", "insert", "update", "delete", "command")


def cpu_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    """Return the CPU seconds that each program and its children have used so far."""
    used: dict[str, float] = {}
    for name, pid in pids.items():
        root = psutil.Process(pid)
        used[name] = sum(map(_seconds, [root, *root.children(recursive=True)]))
    return used


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def yardstick() -> tuple[float, float]:
    """Return the CPU-ms and the ms that a fixed piece of work takes now: what neighbours do to numbers."""
    cpu_s, wall_s = time.process_time(), time.monotonic()
    text = json.dumps([{"number": number, "day": "2026-11-21"} for number in range(40)])
    for _ in range(300):
        json.loads(text)
    return 1000 * (time.process_time() - cpu_s), 1000 * (time.monotonic() - wall_s)


@dataclass
class Used:
    """Seconds of CPU per program, and the database's counters."""

    cpu_s: Counter[str] = field(default_factory=Counter)
    database: Counter[str] = field(default_factory=Counter)


class Meter:
    """Counts between `start` and `stop`, several times if asked to; `used` is the sum."""

    def __init__(self, cpu: Cpu, mongo: MongoClient[dict[str, Any]]) -> None:
        self._cpu, self._mongo = cpu, mongo
        self._before: tuple[Mapping[str, float], Mapping[str, int]] = ({}, {})
        self.used = Used()

    def start(self) -> None:
        """Begin to count."""
        self._before = self._cpu(), self._counters()

    def stop(self) -> None:
        """Add what was used since `start`."""
        cpu_s, database = self._cpu(), self._counters()
        was_cpu_s, was_database = self._before
        self.used.cpu_s.update({name: value - was_cpu_s.get(name, 0.0) for name, value in cpu_s.items()})
        self.used.database.update({name: value - was_database[name] for name, value in database.items()})

    def _counters(self) -> dict[str, int]:
        status = self._mongo.admin.command("serverStatus")
        network = status["network"]
        return {
            **{name: int(status["opcounters"][name]) for name in OPERATIONS},
            "commits": int(status["transactions"]["totalCommitted"]),
            "bytes_in": int(network["bytesIn"]),
            "bytes_out": int(network["bytesOut"]),
        }
