"""`make chaos-long`: have something happen at every failpoint of the code, and say what became of it.

Three things happen, one at a time: the process is killed there, it stands still there for five seconds, the
code raises there. Somebody does what passes the point, and all services must converge. The report says how
often the point was passed, whether it acted, and after how many seconds everything held again. What is
expected at which kind of point, and the latest report, is in docs/failpoints.md.

Arguments are points to walk; without any, all. The short form, in `make test`, is the tests beside this file.
"""

import argparse
import contextlib
import itertools
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests
from pymongo import MongoClient

from deploy.demo import carteville
from deploy.fsck import report
from deploy.local import fsck, town
from deploy.local.layout import ROOT, SERVICES
from deploy.local.stack import Stack
from tests.chaos import points
from tests.chaos.families import TIMEOUT_S, entered
from tests.chaos.passing import Doings

FAMILIES = 40
VISITS_OF_A_TOWN = 40
"""Then its families have booked nearly all that there is, and the next town is taken."""
WITHIN_S = 30.0
STANDS_STILL_S = 5.0
MODES = ("kill", "stop", "raise")
SETTINGS = {
    "identity": {},
    "family": {},
    "booking": {"BOOKING_HOLD_S": "4", "BOOKING_LEASE_S": "3"},
    "billing": {},
    "notify": {},
}
"""Short holds, so that seats are lost; short leases, so that nobody waits half a minute at each point."""
HASHED_AT = {"kill": "3", "stop": "4", "raise": "5"}
"""Other costs each time, so that a password is hashed anew."""
MAIL_TWICE = re.compile(r"mail \S+ arrived 2 times")
EXPECTED = {
    ("notify.deliver.after_mail", "kill"): MAIL_TWICE,
    ("notify.deliver.after_mail", "raise"): MAIL_TWICE,
}
"""What may be found, and nothing else: the mail server has the mail, and nobody knows it any more."""
UNREACHED = {"billing.post.inside_commit"}
"""No door posts an entry of the journal by itself yet; tests/billing breaks off there."""
WAYS: Sequence[tuple[str, Sequence[Callable[[Doings], None]]]] = (
    ("identity.organisation.", (Doings.import_organisations,)),
    ("identity.accounts.", (Doings.import_organisations,)),
    ("identity.relay.", (Doings.import_organisations,)),
    ("identity.family_changed.", (Doings.import_families,)),
    ("identity.events.", (Doings.import_families,)),
    ("identity.", (Doings.come_and_go,)),
    ("family.", (Doings.import_families,)),
    ("notify.organisation_changed.", (Doings.import_organisations,)),
    ("notify.family_changed.", (Doings.import_families,)),
    ("billing.seat_", (Doings.live, Doings.pay_too_late)),
    ("billing.booking_cancelled.", (Doings.live, Doings.change_their_minds)),
    ("billing.withdraw.", (Doings.live, Doings.change_their_minds)),
    ("billing.credit.", (Doings.live, Doings.change_their_minds)),
    ("billing.release.", (Doings.live, Doings.change_their_minds)),
    ("booking.closings.", (Doings.close_a_day,)),
    ("booking.sweep.", (Doings.live, Doings.pay_too_late)),
    ("", (Doings.live,)),
)
"""By the beginning of a point, what passes it; the first that fits counts."""
_POINT = re.compile(r'failpoint\(f?"(?P<name>[^"]+)"\)')
_OF_ANY_SERVICE = re.compile(r"\{[\w.]+\}")
_WHO_HAS = {"relay": re.compile(r"= (Relay)\("), "events": re.compile(r"@(on_event)s?\(")}


@dataclass(frozen=True)
class Outcome:
    """What became of one point in one mode."""

    point: str
    mode: str
    passed: int
    fired: bool
    seconds: float
    findings: Sequence[str]
    expected: Sequence[str]

    @property
    def good(self) -> bool:
        return (self.fired or self.point in UNREACHED) and not self.findings

    def __str__(self) -> str:
        fired = f"passed {self.passed:>4} times" if self.fired else "NEVER REACHED"
        end = f"held after {self.seconds:4.1f} s" if not self.findings else f"STILL {self.findings[:3]}"
        return f"{self.point:<44} {self.mode:<5} {fired:<18} {end} {'; '.join(self.expected)}".rstrip()


def names() -> list[str]:
    """All failpoints that the code names; those of the chassis once for every service that passes them."""
    found: set[str] = set()
    for source in (ROOT / "chassis" / "src", *(_source(name) for name in SERVICES)):
        for name in _found_in(source, _POINT):
            if _OF_ANY_SERVICE.match(name):
                having = _WHO_HAS[_OF_ANY_SERVICE.sub("", name).split(".")[1]]
                owners = [each for each in SERVICES if any(_found_in(_source(each), having))]
                found.update(_OF_ANY_SERVICE.sub(each, name) for each in owners)
            else:
                found.add(name)
    return sorted(found)


def _source(service: str) -> Path:
    return ROOT / "services" / service / "src"


def _found_in(source: Path, pattern: re.Pattern[str]) -> Iterator[str]:
    for path in source.rglob("*.py"):
        for match in pattern.finditer(path.read_text(encoding="utf-8")):
            yield match[1]


class Walk:
    """A stack with Carteville in it, and what is done there at every point."""

    def __init__(self, stack: Stack, doings: Doings) -> None:
        self.stack, self.doings = stack, doings
        self.marks = points.marks_of(stack)

    def visit(self, point: str, mode: str) -> Outcome:
        """Arm one point, do everything that might pass it, and wait until all is well again."""
        service = point.partition(".")[0]
        specifications = [f"{point}={mode}"]
        if point.endswith("_move"):  # an event goes elsewhere only when its handler has failed
            specifications.append(f"{service}.events.before_handling=raise")
        others = {"IDENTITY_ARGON2_TIME_COST": HASHED_AT[mode]} if point.endswith("fresh_hash") else {}
        self.doings.armed = {
            "FAILPOINTS": ",".join(specifications),
            "FAILPOINTS_MARKS": str(self.marks.directory),
        }
        broken: list[str] = []
        self.marks.forget()
        with continued(self.marks, point):  # what waits from the last visit may come at the very start
            points.arm(self.stack, {service: specifications}, {**SETTINGS[service], **others})
            try:
                for way in next(ways for begin, ways in WAYS if point.startswith(begin)):
                    way(self.doings)
            except Exception as error:  # noqa: BLE001 - it is one of the findings
                broken.append(f"{type(error).__name__}: {error}"[:200])
            outcome = self._settled(point, mode, broken)
        self.stack.restart(service, SETTINGS[service])
        return outcome

    def _settled(self, point: str, mode: str, broken: Sequence[str]) -> Outcome:
        """Wait until nothing is found but what is expected here, or the time is up."""
        allowed, began = EXPECTED.get((point, mode)), time.monotonic()
        while True:
            found = report.converged(fsck.where(self.stack), within_s=0)
            expected = [each for each in found if allowed and allowed.fullmatch(each)]
            findings = [each for each in found if each not in expected]
            seconds = time.monotonic() - began
            if not findings or seconds > WITHIN_S:
                break
            time.sleep(0.25)
        if expected:  # seen and written down: the next point begins with an empty catcher
            requests.delete(f"{self.stack.mail_url}/api/messages", timeout=TIMEOUT_S)
        fired = point in self.marks.fired()
        passed = self.marks.passed(point)
        return Outcome(point, mode, passed, fired, seconds, [*broken, *findings], expected)


@contextmanager
def continued(marks: points.Marks, point: str) -> Iterator[None]:
    """Let a process that stands still at a point go on after a while."""
    left = threading.Event()

    def watch() -> None:
        while not left.wait(0.05):
            if pid := marks.standing_at(point):
                left.wait(STANDS_STILL_S)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        left.set()
        watcher.join()


def walked(visits: Sequence[tuple[str, str]]) -> Iterator[Outcome]:
    """Load Carteville into a stack of its own and make these visits."""
    with Stack("chaos-long", fresh=True) as stack:
        town.load(stack, datetime.now(UTC).date(), [carteville.TOWN])
        families = entered(stack, FAMILIES)
        for family in families:
            family.person.forgives_faults = True
        with MongoClient(stack.mongodb_uri, tz_aware=True) as client:
            walk = Walk(stack, Doings(stack, families, client[stack.databases["identity"]]))
            for service, settings in SETTINGS.items():
                if settings:
                    stack.restart(service, settings)
            for point, mode in visits:
                yield walk.visit(point, mode)


def table(outcomes: Sequence[Outcome]) -> str:
    """Lay out what became of the points as docs/failpoints.md shows it."""
    rows: dict[str, dict[str, Outcome]] = {}
    for each in outcomes:
        rows.setdefault(each.point, {})[each.mode] = each
    lines = ["| point | passed | killed | stood still | raised |", "|---|---:|---:|---:|---:|"]
    for point, by_mode in sorted(rows.items()):
        passed = next(each.passed for each in by_mode.values())
        cells = (_cell(by_mode[mode]) if mode in by_mode else "" for mode in MODES)
        lines.append(f"| `{point}` | {passed or ''} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(outcome: Outcome) -> str:
    if not outcome.fired:
        return "-"
    return "BAD" if outcome.findings else f"{outcome.seconds:.1f}" + ", mail twice" * bool(outcome.expected)


def main() -> int:
    """Walk, and tell of each point as it is done; return 1 when one was not reached or did not converge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "points", nargs="*", metavar="POINT", help="points, or how they begin; all without any"
    )
    parser.add_argument("--mode", choices=MODES, action="append", help="one or more of the three; else all")
    parser.add_argument("--table", action="store_true", help="lay it out for docs/failpoints.md at the end")
    arguments = parser.parse_args()
    asked = tuple(arguments.points)
    wanted = [name for name in names() if not asked or name.startswith(asked)]
    if not wanted:
        parser.error("no such point")
    visits = list(itertools.product(wanted, arguments.mode or MODES))
    outcomes = []
    for first in range(0, len(visits), VISITS_OF_A_TOWN):
        for outcome in walked(visits[first : first + VISITS_OF_A_TOWN]):
            outcomes.append(outcome)
            print(outcome, flush=True)  # noqa: T201 - a report for people
    if arguments.table:
        print(table(outcomes))  # noqa: T201
    bad = sum(not each.good for each in outcomes)
    print(f"{len(wanted)} failpoints, {len(outcomes)} visits, {bad} of them bad")  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
