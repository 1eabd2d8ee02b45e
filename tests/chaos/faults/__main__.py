"""`make chaos-faults`: every fault by itself, each while families book, and what became of it.

For each fault: families book, the fault happens and lasts, it is healed, and everything must be well within
30 s: every confirmation answered, each answer the same when it is asked for again, every invariant of fsck.
The report says what really happened, what families saw, and after how many seconds all was well. Arguments
are words of the names of faults; without any, all. The short form, in `make test`, is test_faults.py.
"""

import argparse
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from chassis.testing.waiting import eventually
from deploy.demo import carteville
from deploy.fsck import report
from deploy.local import fsck, infrastructure, town
from deploy.local.layout import SERVICES, VAR
from deploy.local.stack import Stack
from tests.chaos import witness
from tests.chaos.families import Family, entered
from tests.chaos.faults import small_disk
from tests.chaos.faults.broker import out_of_disk, queue_full
from tests.chaos.faults.database import disk_full, stepped_down
from tests.chaos.faults.mail import mails_meet, send_again
from tests.chaos.faults.programs import HOUR_S, Proof, frozen, killed, off_the_clock, stopped
from tests.chaos.load import Crowd

NAME = "chaos-faults"
FAMILIES, CLIENTS, REST_S = 48, 5, 1.0
ENDLESS = 100_000
BEFORE = 8
WITHIN_S = 30.0
PATIENCE_S = 180.0
Inject = Callable[[Stack], AbstractContextManager[Proof]]
MINUTE_S = 60.0
PROVEN_WITHIN_S = 20.0


@dataclass(frozen=True)
class Fault:
    """A fault, how long it lasts, and whether families must have been told to come back meanwhile."""

    name: str
    inject: Inject
    lasts_s: float = 5.0
    felt: bool = True


def _each(
    what: str,
    inject: Callable[[Stack, str], AbstractContextManager[Proof]],
    lasts_s: float,
    felt: Sequence[str] = ("rabbitmq", "mongod", "identity", "booking", "billing"),
) -> list[Fault]:
    programs = ("rabbitmq", "mongod", *SERVICES)
    return [
        Fault(f"{program} {what}", _of(inject, program), lasts_s, felt=program in felt)
        for program in programs
    ]


def _of(inject: Callable[[Stack, str], AbstractContextManager[Proof]], program: str) -> Inject:
    return lambda stack: inject(stack, program)


@contextmanager
def _mails_meet_then_hurried(stack: Stack, fault: Mapping[str, Any]) -> Iterator[Proof]:
    """By then each mail waits for longer than all may take; the operator has them tried at once."""
    with mails_meet(stack, {"*": fault}) as happened:
        yield happened
    town.run_command(stack, "notify", ["hurry"])


@contextmanager
def _mails_refused_then_sent_again(stack: Stack) -> Iterator[Proof]:
    """What was refused for good leaves when the operator says so."""
    with mails_meet(stack, {"*": NEVER}) as happened:
        yield happened
    send_again(stack)


LATER, NEVER, SLOW = {"code": 451}, {"code": 550}, {"latency_s": 1.0}
SILENT = {"latency_s": HOUR_S}
FAULTS = [
    *_each("killed", killed, lasts_s=0.0, felt=("rabbitmq",)),
    *_each("frozen", frozen, lasts_s=8.0),
    *_each("stopped for a minute", stopped, lasts_s=MINUTE_S),
    Fault("mongod steps down", stepped_down, lasts_s=2.0),
    Fault("mongod's disk full", disk_full, lasts_s=15.0),
    Fault("rabbitmq out of disk", out_of_disk, lasts_s=15.0),
    Fault("rabbitmq out of disk for a minute", out_of_disk, lasts_s=MINUTE_S),
    Fault("a queue full", queue_full, lasts_s=15.0, felt=False),
    Fault("a queue full for a minute", queue_full, lasts_s=MINUTE_S, felt=False),
    *(
        Fault(f"{service} an hour {word}", partial(off_the_clock, service=service, ahead_s=ahead_s), 10.0)
        for service in ("identity", "booking", "billing")
        for word, ahead_s in (("ahead", HOUR_S), ("behind", -HOUR_S))
    ),
    Fault("mail away for a minute", partial(stopped, program="mail"), MINUTE_S, felt=False),
    Fault("mail refused for now", partial(mails_meet, faults={"*": LATER}), 15.0, felt=False),
    Fault("mail refused for a minute", partial(_mails_meet_then_hurried, fault=LATER), MINUTE_S, felt=False),
    Fault("mail never answered", partial(_mails_meet_then_hurried, fault=SILENT), MINUTE_S, felt=False),
    Fault("mail refused for good", _mails_refused_then_sent_again, 5.0, felt=False),
    Fault("mail slow", partial(mails_meet, faults={"*": SLOW}), 15.0, felt=False),
    Fault("payment provider stopped", partial(stopped, program="payment"), 15.0),
]


@dataclass
class Outcome:
    """What became of one fault."""

    fault: Fault
    happened: str = ""
    seen: str = ""
    converged_s: float = 0.0
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        end = f"all well after {self.converged_s:.1f} s" if not self.findings else f"BAD: {self.findings[:5]}"
        return f"{self.fault.name}: {self.happened}; {self.seen}; {end}"


def meet(stack: Stack, families: Sequence[Family], fault: Fault) -> Outcome:
    """Let families book, have the fault, heal it, and look at everything."""
    outcome = Outcome(fault)
    for family in families:
        family.sent.clear()
        family.person.seen.clear()
    crowd = Crowd(families, ENDLESS, CLIENTS, pause_s=REST_S)
    try:
        with witness.Visitor(families[0].person) as visitor, crowd:
            began, healed = _have(stack, crowd, outcome)
    except Exception as error:  # noqa: BLE001 - the report names it, the other faults go on
        outcome.findings.append(f"{type(error).__name__}: {error}")
        return outcome
    witnesses = [family.person for family in families] + [visitor]
    seen = [each for one in witnesses for each in one.seen if began <= each.at]
    meanwhile = [each for each in seen if each.at < healed]
    outcome.seen = witness.summary(meanwhile)
    if fault.felt and not any(each.status == witness.UNAVAILABLE for each in meanwhile):
        outcome.findings.append("nobody felt it")
    outcome.findings += witness.wrongs(seen)
    left_s = healed + WITHIN_S - time.monotonic()
    outcome.findings += report.converged(fsck.where(stack), max(left_s, 0.0))
    outcome.converged_s = time.monotonic() - healed
    outcome.findings += [
        f"{one.path} has another answer now" for family, one in crowd.sent if family.insist(one) != one.answer
    ]
    return outcome


def _have(stack: Stack, crowd: Crowd, outcome: Outcome) -> tuple[float, float]:
    """Have the fault while the crowd books; give the instants at which it began and was healed."""
    try:
        crowd.after(BEFORE)
        began = time.monotonic()
        with outcome.fault.inject(stack) as happened:
            threading.Event().wait(outcome.fault.lasts_s)
            outcome.happened = eventually(happened, PROVEN_WITHIN_S)
        return began, time.monotonic()
    finally:
        crowd.enough()


def _wanted(words: Sequence[str]) -> list[Fault]:
    return [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]


def main() -> int:
    """Have every fault, and tell of each as it is done; return 1 when one was not borne."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "words", nargs="*", metavar="WORD", help="words of the names of faults; all without any"
    )
    words = parser.parse_args().words
    faults = _wanted(words)
    if not faults:
        parser.error(f"no such fault; there are: {', '.join(fault.name for fault in FAULTS)}")
    infrastructure.forget(NAME)
    if small_disk.go_inside("tests.chaos.faults", sys.argv[1:]):
        small_disk.mount(VAR / NAME / "mongod" / "data")
    else:
        faults = [fault for fault in faults if fault.inject is not disk_full]
        print("mongod's disk full: not possible here, nothing may be mounted")  # noqa: T201
    bad = sum(bool(outcome.findings) for outcome in _run(faults))
    print(f"{len(faults)} faults, {bad} of them not borne")  # noqa: T201
    return 1 if bad else 0


def _run(faults: Sequence[Fault]) -> list[Outcome]:
    with Stack(NAME) as stack:
        town.load(stack, datetime.now(UTC).date(), [carteville.TOWN])
        families = entered(stack, FAMILIES)
        for family in families:
            family.person.gives_up_after_s = PATIENCE_S
        outcomes = []
        for fault in faults:
            outcomes.append(meet(stack, families, fault))
            print(outcomes[-1], flush=True)  # noqa: T201 - a report for people
        return outcomes


if __name__ == "__main__":
    sys.exit(main())
