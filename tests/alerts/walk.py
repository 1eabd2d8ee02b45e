"""Which fault makes which alerts fire, and what became of each."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Final

from chassis.testing.waiting import eventually
from tests.alerts import faults
from tests.alerts.prometheus import LOOKS_EVERY_S
from tests.alerts.scene import Scene
from tests.chaos.faults.programs import Proof

FIRES_WITHIN_S: Final = 150.0
CLEARS_WITHIN_S: Final = 180.0
PROVEN_WITHIN_S: Final = 20.0
SILENT_FOR_S: Final = 6.0
"""Longer than two looks of Prometheus at the programs are apart."""


@dataclass(frozen=True)
class Step:
    """A fault, in words, and the alerts that must fire while it lasts and end once it is healed."""

    fault: str
    alerts: Sequence[str]
    inject: Callable[[Scene], AbstractContextManager[Proof]]


STEPS: Final = (
    Step("notify is stopped", ["ProgramDown"], partial(faults.stopped, program="notify")),
    Step("family dies again and again", ["ProgramRestarting"], partial(faults.dying, program="family")),
    Step(
        "the database is stopped",
        ["ProgramNotReady", "GaugeUnreadable"],
        partial(faults.stopped, program="mongod"),
    ),
    Step("log-ins break", ["ErrorAnswers"], faults.log_ins_broken),
    Step(
        "billing stands still",
        ["FamiliesToldToComeBack", "AnswersSlow", "CallsRefused"],
        partial(faults.frozen, program="billing", path="/wallets"),
    ),
    Step(
        "billing stutters", ["PoolExhausted"], partial(faults.stuttering, program="billing", path="/wallets")
    ),
    Step("passwords are hashed slowly", ["PasswordsThrottled"], faults.hashing_slowly),
    Step("booking's relay hangs", ["OutboxOld", "LeaseUnrenewed"], faults.relay_hangs),
    Step("notify is slow", ["QueueLong"], faults.reader_slow),
    Step("an event can't be read", ["DeadLetters"], faults.unreadable),
    Step("booking's sweeper hangs", ["HoldsOverdue", "TimerNotRun"], faults.sweep_hangs),
    Step("notify's postman fails", ["TimerFailing", "MailsLate"], faults.postman_fails),
    Step("the mail server refuses", ["MailsFailed"], faults.mails_refused),
    Step("a payment comes otherwise", ["PaymentsQuarantined"], faults.paid_otherwise),
    Step("the payment provider is stopped", ["ProviderUnavailable"], faults.provider_away),
    Step("notifications name no payment", ["CallbacksRefused"], faults.callbacks_unreadable),
    Step("somebody guesses", ["LogInsRefused"], faults.guessing),
)


@dataclass
class Outcome:
    """What became of one alert: the seconds until it fired, and those until it ended; None: it did not."""

    alert: str
    fault: str
    fired_s: float | None = None
    cleared_s: float | None = None
    told: str = ""
    happened: str = ""

    @property
    def good(self) -> bool:
        return self.fired_s is not None and self.cleared_s is not None and bool(self.happened)

    def __str__(self) -> str:
        columns = f"{self.alert:<24} {self.fault:<34} {_shown(self.fired_s):>7} {_shown(self.cleared_s):>7}"
        return f"{columns}  {self.happened}{'' if self.good else '  BAD'}"


def _shown(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f} s"


def have(scene: Scene, step: Step) -> list[Outcome]:
    """Have a fault until all its alerts fire, heal it, and wait until they have ended."""
    outcomes = [Outcome(alert, step.fault) for alert in step.alerts]
    try:
        _ended(scene, outcomes)
        began = time.monotonic()
        with step.inject(scene) as happened:
            for each, at in _fired(scene, outcomes):
                each.fired_s, each.told = at - began, scene.watch.told(each.alert)
            words = eventually(happened, PROVEN_WITHIN_S)
        healed = time.monotonic()
        for each, at in _ended(scene, outcomes):
            each.cleared_s, each.happened = at - healed, words
    except Exception as error:  # noqa: BLE001 - the table names it, the other faults go on
        for each in outcomes:
            each.told += f" {type(error).__name__}: {error}"
    return outcomes


def _fired(scene: Scene, outcomes: Sequence[Outcome]) -> Iterator[tuple[Outcome, float]]:
    """Wait until each of these fires, and say when it did. Raises TimeoutError."""
    waiting = list(outcomes)
    deadline = time.monotonic() + FIRES_WITHIN_S
    while waiting:
        names, now = scene.watch.firing(), time.monotonic()
        yield from ((each, now) for each in waiting if each.alert in names)
        waiting = [each for each in waiting if each.alert not in names]
        if waiting and now > deadline:
            raise TimeoutError(f"{', '.join(each.alert for each in waiting)} did not fire")
        time.sleep(LOOKS_EVERY_S)


def _ended(scene: Scene, outcomes: Sequence[Outcome]) -> list[tuple[Outcome, float]]:
    """Wait until every program is asked and none of these fires any more; say when each was seen last.

    One that is silent only because its program was started anew comes back within a moment, and counts again.
    """
    seen = {each.alert: time.monotonic() for each in outcomes}
    deadline = time.monotonic() + CLEARS_WITHIN_S
    quiet_since = time.monotonic()
    while time.monotonic() < quiet_since + SILENT_FOR_S:
        names, now = scene.watch.firing(), time.monotonic()
        seen |= dict.fromkeys(seen.keys() & names, now)
        if seen.keys() & names or not scene.watch.targets_up():
            quiet_since = now
        if now > deadline:
            raise TimeoutError(f"{', '.join(seen.keys() & names)} did not end")
        time.sleep(LOOKS_EVERY_S)
    return [(each, seen[each.alert]) for each in outcomes]
