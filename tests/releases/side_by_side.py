"""`python -m tests.releases.side_by_side [OLDER]`: two releases on one broker and database, under load.

OLDER is a checkout with an environment of its own. Without it the release before is taken (`before`): it is
checked out, made ready, and removed at the end.

Families book, pay, cancel and look at pages for a minute, while the older release gives way to this one,
comes back, and gives way again; in between both are at work on the same queues. Nobody may see an error, no
program may write one to its log, and in the end all invariants must hold, by the checks of both releases.
It says what was done in each phase; exit status 1 when anything was wrong.
"""

import argparse
import contextlib
import itertools
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import requests

from deploy.fsck import report
from deploy.local import fsck
from deploy.local.layout import SERVICES
from deploy.local.lifeline import end_with_parent
from tests.chaos.families import Family, Patient, entered
from tests.chaos.load import Crowd
from tests.chaos.witness import FAULT, Seen, Visitor
from tests.journeys.people import TIMEOUT_S
from tests.releases.before import BEFORE, checked_out
from tests.releases.restored import migrate
from tests.releases.two_releases import NEWER, OLDER, RELEASED, TwoReleases, program

FAMILIES, VISITORS, CLIENTS = 40, 2, 8
PAUSE_S = 0.8
READS_EVERY_S = 0.3
READ = ("/families/me", "/messages", "/children", "/enrolments", "/credit-notes")
"""What nobody asks who only books: family and notify answer some of it."""
WITHOUT_END = 1_000_000
WAY = ((OLDER,), (OLDER, NEWER), (NEWER,), (NEWER, OLDER), (OLDER,), (OLDER, NEWER), (NEWER,))
"""Forward, back, and forward again: which releases are at work in each phase."""
SECONDS = 70
MISUNDERSTOOD = {400, 401, 403, 404, 405, 415, 422}
"""Answers that these families give no cause for: whoever gets one was not understood."""
ERRORS = {"error", "critical"}


@dataclass(frozen=True)
class Phase:
    """What was done while these releases were at work: requests by release, calls by program."""

    running: tuple[str, ...]
    seconds: float
    handed: Counter[str]
    calls: Counter[str]

    @property
    def idle(self) -> list[str]:
        """Name the programs that had nothing to do, though their release was at work."""
        wanted = {program(release, name) for release in self.running for name in SERVICES}
        return sorted(name for name in wanted if not self.calls[name])

    def __str__(self) -> str:
        calls = {r: sum(self.calls[program(r, name)] for name in SERVICES) for r in self.running}
        parts = [f"{each}: {self.handed[each]} requests, {calls[each]} calls" for each in self.running]
        return f"{' + '.join(self.running):<14} {self.seconds:5.1f} s  {'; '.join(parts)}"


class Reader:
    """Somebody who reads all the time what is kept of the family."""

    def __init__(self, person: Patient) -> None:
        self.person = person
        self._left = threading.Event()
        self._reading = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._reading.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._reading.join()

    def _read(self) -> None:
        for path in itertools.cycle(READ):
            if self._left.wait(READS_EVERY_S):
                return
            self.person.ask_once("GET", path)


class Load:
    """A crowd that books without end, and some who look at pages and read, each by a log-in of their own."""

    def __init__(self, families: Sequence[Family], others: Sequence[Family]) -> None:
        self._crowd = Crowd(families, WITHOUT_END, CLIENTS, PAUSE_S)
        self._visitors = [Visitor(family.person) for family in others]
        self._readers = [Reader(family.person) for family in others]
        self._going_on = contextlib.ExitStack()

    def __enter__(self) -> Self:
        for each in (self._crowd, *self._visitors, *self._readers):
            self._going_on.enter_context(each)
        return self

    def __exit__(self, *error: object) -> None:
        self._crowd.enough()
        self._going_on.__exit__(*error)

    @property
    def seen(self) -> list[Seen]:
        """What all of them have seen since they came."""
        people = [family.person for family in self._crowd.families] + [each.person for each in self._readers]
        everything = [person.seen for person in people] + [visitor.seen for visitor in self._visitors]
        return [each for seen in everything for each in seen]

    @property
    def confirmations(self) -> int:
        return len(self._crowd.sent)


class Watch:
    """Counts what goes through a stack from phase to phase."""

    def __init__(self, stack: TwoReleases) -> None:
        self.stack = stack

    def phase(self, seconds: float) -> Phase:
        """Let time pass, and say what was done in it."""
        running, began = tuple(self.stack.running), time.monotonic()
        calls, handed = self._calls(), Counter(self.stack.balancer.handed)
        time.sleep(seconds)
        return Phase(
            running,
            time.monotonic() - began,
            self.stack.balancer.handed - handed,
            self._calls() - calls,
        )

    def _calls(self) -> Counter[str]:
        names = [program(release, name) for release in self.stack.running for name in SERVICES]
        return Counter({name: _calls_of(self.stack.health_url(name, "metrics")) for name in names})


def _calls_of(url: str) -> int:
    lines = requests.get(url, timeout=TIMEOUT_S).text.splitlines()
    return sum(
        int(float(line.rpartition(" ")[2])) for line in lines if line.startswith("marelle_calls_total")
    )


def walk(stack: TwoReleases, watch: Watch) -> Iterator[Phase]:
    """Go forward, back and forward again; the releases change while families go on."""
    for running in WAY:
        for release in running:
            if release not in stack.running:
                stack.bring_in(release)
        for release in [each for each in stack.running if each not in running]:
            stack.take_out(release)
        yield watch.phase(SECONDS / len(WAY))


def faults(stack: TwoReleases, seen: Sequence[Seen]) -> Iterator[str]:
    """Name each answer that says that something was broken, away or not understood."""
    for each in seen:
        if each.status == 0 or each.status >= FAULT or each.status in MISUNDERSTOOD or each.trace:
            when = f"when {stack.doing(each.at)}"
            yield f"{each.asked} was answered {each.status} after {each.took_s:.1f} s, {when}"


def logged(stack: TwoReleases) -> Iterator[str]:
    """Name each error that a program of either release has written to its log."""
    for release in (OLDER, NEWER):
        for name in (program(release, each) for each in RELEASED):
            for line in stack.supervisor.log_path(name).read_text(encoding="utf-8").splitlines():
                told = _parsed(line)
                if told.get("level") in ERRORS:
                    yield f"{name}: {told.get('event')} {str(told.get('stack', '')).strip()[-200:]}"


def _parsed(line: str) -> Mapping[str, object]:
    try:
        return json.loads(line)
    except ValueError:  # what gunicorn and the interpreter say is not JSON; it is an error if it is anything
        return {"level": "error", "event": line} if "Error" in line or "Traceback" in line else {}


def invariants(stack: TwoReleases) -> Iterator[str]:
    """Name what does not hold, by the checks of this release, then by those of the older one."""
    yield from (f"by {NEWER} fsck: {each}" for each in report.converged(fsck.where(stack)))
    where = {"MONGODB_URI": stack.mongodb_uri, "AMQP_URI": stack.amqp_uri, "MAIL_URL": stack.mail_url}
    try:
        stack.ask_older(["-m", "deploy.fsck"], **where)
    except AssertionError as found:
        yield f"by {OLDER} fsck: {found}"


def side_by_side(older: Path) -> list[str]:
    """Have two releases live side by side; print each phase, and return what went wrong.

    What this release's checks find in the older one's town is told, and is nobody's fault here: that one let
    children be in two places.
    """
    wrong: list[str] = []
    with TwoReleases("side-by-side", older) as stack, stack.balancer:
        stack.bring_in(OLDER)
        stack.migrate_older()
        stack.load_town(datetime.now(UTC).date())
        families = entered(stack, FAMILIES + VISITORS)
        for service in SERVICES:
            migrate(stack, service)
        brought = {*invariants(stack)}
        print(f"{len(brought)} things were wrong in the older town before", flush=True)  # noqa: T201
        load = Load(families[:FAMILIES], families[FAMILIES:])
        watch = Watch(stack)
        with load:
            for phase in walk(stack, watch):
                print(phase, flush=True)  # noqa: T201 - a report for people
                wrong += [f"{name} had nothing to do" for name in phase.idle]
        seen = load.seen
        print(f"{load.confirmations} confirmations, {_summary(seen)}")  # noqa: T201
        wrong += [*faults(stack, seen), *logged(stack)]
        wrong += [each for each in invariants(stack) if each not in brought]
    return wrong


def _summary(seen: Sequence[Seen]) -> str:
    took = sorted(each.took_s for each in seen)
    times = f"half of them within {took[len(took) // 2]:.2f} s, the slowest after {took[-1]:.1f} s"
    return f"{len(seen)} answers {dict(Counter(each.status for each in seen))}, {times}"


def main() -> int:
    """Run it, and say what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("older", type=Path, nargs="?", help=f"a checkout of it; else {BEFORE} is taken")
    older = parser.parse_args().older
    end_with_parent()
    with contextlib.nullcontext(older) if older else checked_out() as given:
        wrong = side_by_side(given)
    for each in wrong:
        print(each)  # noqa: T201
    print(f"{len(wrong)} things were wrong" if wrong else "nothing was wrong")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
