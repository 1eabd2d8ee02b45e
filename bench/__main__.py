"""`python -m bench [NAME…] [--only-suite]`: run scenarios on a fresh stack of their own and print the tables.

Two names are no scenarios: `idle` measures half a minute in which nobody asks anything, `copies` how old
events are when they leave one of two copies of booking.

The exit status is 1 when a seat was sold twice, the suite told somebody 503, or an invariant does not hold
afterwards.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pymongo import MongoClient

from bench import copies, grounds, report, town
from bench.grounds import BUSLESS, FLAT, Ground
from bench.scenarios import PAGE, SCENARIOS, Course, Measured
from chassis.testing.waiting import eventually
from deploy.fsck.report import converged
from deploy.local import fsck
from deploy.local.lifeline import end_with_parent
from deploy.local.stack import Stack

IDLE, COPIES = "idle", "copies"
IDLE_S, BARELY_IDLE_S = 30.0, 5.0
QUIET_S = 3.0
"""Until connections are made, and what was imported is told, projected and forgotten."""
CHILDREN_KNOWN_S = 30.0


def main() -> int:
    """Measure what the command line names, or everything."""
    arguments = _parse()
    end_with_parent()
    with Stack("bench", fresh=True) as stack, MongoClient[dict[str, Any]](stack.mongodb_uri) as mongo:
        stack.restart("notify", {"NOTIFY_ENABLED": "false"})
        today = datetime.now(UTC).date()
        town.load(stack, today)
        _wait_for_projections(mongo)
        suite = grounds.suite(stack, mongo)
        families = grounds.logged_in(suite.address)
        suite.settle()
        idle = _idle(suite, IDLE_S if IDLE in arguments.names else BARELY_IDLE_S)
        days = town.weekdays(today)
        course = Course(suite, families, days)
        measured = _run(course, arguments.names)
        ages = copies.ages(course) if COPIES in arguments.names else []
        for name in [] if arguments.only_suite else [FLAT, BUSLESS]:
            with grounds.without_bus(name, stack, mongo, families) as ground:
                measured += _run(Course(ground, families, days), arguments.names)
        findings = converged(replace(fsck.where(stack), mails=False))
    told = [*report.results(measured, idle), *report.ages(ages), "", *report.breakdown(measured)]
    print("\n".join(["", *told, ""]))
    print("\n".join(findings) or "fsck: all invariants hold")
    return 1 if findings or any(one.oversold or one.refused for one in measured) else 0


def _parse() -> argparse.Namespace:
    known = (*SCENARIOS, IDLE, COPIES)
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--only-suite", action="store_true", help="leave the baselines out")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(known)
    if unknown:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    arguments.names = arguments.names or list(known)
    return arguments


def _run(course: Course, names: Sequence[str]) -> list[Measured]:
    measured = []
    for name in names:
        if name not in SCENARIOS or (name == PAGE and course.ground.name == FLAT):
            continue
        one = SCENARIOS[name](course)
        print(
            f"{course.ground.name:<8} {name:<16} {report.per_second(one):7.0f}/s "
            f"{report.cpu_ms(one):7.2f} CPU-ms  {report.percentile(one, 0.99) * 1000:7.1f} ms p99",
            flush=True,
        )
        measured.append(one)
    return measured


def _wait_for_projections(mongo: MongoClient[dict[str, Any]]) -> None:
    """Wait until booking has heard of every child."""
    wanted = town.FAMILIES * town.CHILDREN
    eventually(
        lambda: mongo["booking"]["children"].estimated_document_count() >= wanted, timeout_s=CHILDREN_KNOWN_S
    )


def _idle(suite: Ground, seconds: float) -> dict[str, float]:
    time.sleep(QUIET_S)
    before = suite.cpu()
    time.sleep(seconds)
    return {name: (value - before[name]) / seconds for name, value in suite.cpu().items()}


if __name__ == "__main__":
    sys.exit(main())
