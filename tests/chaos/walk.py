"""`make chaos-long`: kill a process at every failpoint of the code, one by one, and say what became of it.

For each point: the service is started with it armed, a small load runs that passes it, and all services must
converge. The report says whether it fired, whether everything held within 30 s, and after how many seconds.
Arguments are points to walk; without any, all. The short form, in `make test`, is the tests beside this file.
"""

import argparse
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import requests

from chassis.testing.waiting import eventually
from deploy.demo import carteville
from deploy.fsck import report
from deploy.local import fsck, town
from deploy.local.layout import ROOT, SERVICES
from deploy.local.stack import Stack
from tests.chaos.families import HOT, TIMEOUT_S, Family, entered
from tests.chaos.load import Crowd
from tests.journeys.people import Refused

CONFIRMATIONS = 24
FAMILIES = 24
SHORT_HOLDS = {"BOOKING_HOLD_S": "4"}
IMPORTING = ("identity", "family")
WITHIN_S = 30.0
_POINT = re.compile(r'failpoint\(f?"(?P<name>[^"]+)"\)')
_OF_ANY_SERVICE = "{self.service}"


@dataclass(frozen=True)
class Outcome:
    """What became of one point."""

    point: str
    fired: bool
    seconds: float
    findings: list[str]

    @property
    def good(self) -> bool:
        return self.fired and not self.findings

    def __str__(self) -> str:
        fired = "fired" if self.fired else "NEVER FIRED"
        end = f"converged after {self.seconds:5.1f} s" if not self.findings else f"STILL {self.findings[:3]}"
        return f"{self.point:<44} {fired:<12} {end}"


def points() -> list[str]:
    """All failpoints that the code names; those of the chassis once for every service that has a relay."""
    relaying = [
        name for name in SERVICES if _names_in(ROOT / "services" / name / "src", re.compile(r"= (Relay)\("))
    ]
    found: set[str] = set()
    for source in (ROOT / "chassis" / "src", *(ROOT / "services" / name / "src" for name in SERVICES)):
        for name in _names_in(source, _POINT):
            services = relaying if _OF_ANY_SERVICE in name else [""]
            found.update(name.replace(_OF_ANY_SERVICE, service) for service in services)
    return sorted(found)


def _names_in(source: Path, pattern: re.Pattern[str]) -> Iterator[str]:
    for path in source.rglob("*.py"):
        for match in pattern.finditer(path.read_text(encoding="utf-8")):
            yield match[1]


class Walk:
    """A stack with Carteville in it, and what is done there at every point."""

    def __init__(self, stack: Stack, families: Sequence[Family]) -> None:
        self.stack = stack
        self.families = families
        self.marks = stack.directory / "failpoints"
        self.round = 0

    def visit(self, point: str) -> Outcome:
        """Arm one point, do everything that might pass it, and wait until all is well again."""
        self.round += 1
        service = point.partition(".")[0]
        shutil.rmtree(self.marks, ignore_errors=True)
        armed = {"FAILPOINTS": f"{point}=kill", "FAILPOINTS_MARKS": str(self.marks)}
        self.stack.restart(service, armed | (SHORT_HOLDS if service == "booking" else {}))
        if service in IMPORTING:
            self._change_files(service)
        else:
            self._live()
        ended = time.monotonic()
        findings = report.converged(fsck.where(self.stack), WITHIN_S)
        outcome = Outcome(point, any(self.marks.glob("*")), time.monotonic() - ended, findings)
        self.stack.restart(service, SHORT_HOLDS if service == "booking" else None)
        return outcome

    def _live(self) -> None:
        """Everything that families do: book, pay, pay late, cancel and move up."""
        with Crowd(self.families, CONFIRMATIONS):
            pass
        self._pay_too_late()

    def _change_files(self, service: str) -> None:
        """Import files in which the town and some families go by other names."""
        files = self.stack.directory / "changed"
        _write_renamed(files, datetime.now(UTC).date(), str(self.round))
        town.run_command(self.stack, service, ["import", str(files), "--organisation", carteville.SLUG])

    def _pay_too_late(self) -> None:
        """A family pays a seat that it lost and to which the next one moved up: it gets an avoir."""
        late, next_one = self.families[self.round % 8], self.families[8 + self.round % 8]
        for day in late.quiet_days:
            confirmation = late.ask_for(HOT, day)
            if confirmation and confirmation["lines"][0]["verdict"] == "held":
                break
        else:
            return
        try:
            page = late.person.start_payment(confirmation["id"])["page_url"]
        except Refused:
            return
        next_one.ask_for(HOT, day)
        booking_id = confirmation["lines"][0]["booking_id"]
        eventually(lambda: late.person.state(booking_id) in ("expired", "accepted"), timeout_s=60)
        requests.post(page, {"choice": "pay"}, timeout=TIMEOUT_S, allow_redirects=False)


def _write_renamed(directory: Path, today: date, suffix: str) -> None:
    carteville.write(directory, today)
    for name in ("organisations.csv", "families.csv"):
        head, first, *others = (directory / name).read_text(encoding="utf-8").splitlines()
        cells = first.split(";")
        cells[1] = f"{cells[1]} {suffix}"
        text = "\n".join([head, ";".join(cells), *others, ""])
        (directory / name).write_text(text, encoding="utf-8")


def main() -> int:
    """Walk, and tell of each point as it is done; return 1 when one did not fire or did not converge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("points", nargs="*", metavar="POINT", help="points to walk; all without any")
    known = points()
    wanted = parser.parse_args().points or known
    if unknown := set(wanted) - set(known):
        parser.error(f"no such point: {', '.join(sorted(unknown))}")
    with Stack("chaos-long", fresh=True) as stack:
        town.load(stack, datetime.now(UTC).date(), [carteville.TOWN])
        walk = Walk(stack, entered(stack, FAMILIES))
        stack.restart("booking", SHORT_HOLDS)
        outcomes = []
        for point in wanted:
            outcomes.append(walk.visit(point))
            print(outcomes[-1], flush=True)  # noqa: T201 - a report for people
    bad = sum(not each.good for each in outcomes)
    print(f"{len(outcomes)} failpoints, {bad} of them bad")  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
