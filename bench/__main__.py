"""`python -m bench [NAME…] [--only-suite]`: run scenarios on a fresh stack of their own and print the tables.

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

from bench import grounds, report, town
from bench.grounds import BUSLESS, FLAT, Ground
from bench.scenarios import PAGE, SCENARIOS, Course, Measured
from chassis.testing.waiting import eventually
from deploy.fsck.report import converged
from deploy.local import fsck
from deploy.local.lifeline import end_with_parent
from deploy.local.stack import Stack

IDLE_S = 5.0
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
        idle = _idle(suite)
        days = town.weekdays(today)
        measured = _run(Course(suite, families, days), arguments.names)
        for name in [] if arguments.only_suite else [FLAT, BUSLESS]:
            with grounds.without_bus(name, stack, mongo, families) as ground:
                measured += _run(Course(ground, families, days), arguments.names)
        findings = converged(replace(fsck.where(stack), mails=False))
    print("\n".join(["", *report.results(measured, idle), "", *report.breakdown(measured), ""]))
    print("\n".join(findings) or "fsck: all invariants hold")
    return 1 if findings or any(one.oversold or one.refused for one in measured) else 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--only-suite", action="store_true", help="leave the baselines out")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(SCENARIOS)
    if unknown:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    arguments.names = arguments.names or list(SCENARIOS)
    return arguments


def _run(course: Course, names: Sequence[str]) -> list[Measured]:
    measured = []
    for name in names:
        if name == PAGE and course.ground.name == FLAT:
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


def _idle(suite: Ground) -> dict[str, float]:
    before = suite.cpu()
    time.sleep(IDLE_S)
    return {name: (value - before[name]) / IDLE_S for name, value in suite.cpu().items()}


if __name__ == "__main__":
    sys.exit(main())
