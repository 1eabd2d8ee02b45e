"""`python -m tests.alerts`: every alert fires for its fault, ends after it, and is silent while all is well.

A Prometheus asks the programs of a stack all the time. Its rules are those of `deploy/monitoring`, with every
span thirty times as short. First nothing happens for a minute, then families book: no alert may fire. Then
each fault of `walk` happens until its alerts fire, and is healed. A table says after how many seconds each
fired and ended. Arguments are names of alerts; without any, all. Nobody else should be using the machine.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final

from deploy.demo import carteville
from deploy.local import infrastructure, system_packages, town
from deploy.local.layout import ROOT
from deploy.local.lifeline import end_with_parent
from deploy.local.stack import Stack
from deploy.local.system_packages import MissingPackagesError
from deploy.monitoring import HERE
from tests.alerts import walk
from tests.alerts.prometheus import LOOKS_EVERY_S, watching
from tests.alerts.scene import Scene
from tests.chaos import broker
from tests.chaos.families import Family, entered
from tests.chaos.load import Crowd

NAME: Final = "alerts"
FAMILIES: Final = 48
IDLE_S: Final = 60.0
BOOKINGS: Final = 80
CLIENTS: Final = 4
SETTLES_S: Final = 30.0
"""As long as the longest of the shortened spans looks back at the load."""


def checked() -> bool:
    """Have promtool read the rules, and test them with numbers that were made up."""
    commands = (
        ["check", "config", str(HERE / "prometheus.yml")],
        ["test", "rules", str(ROOT / "tests" / "alerts" / "rules.yml")],
    )
    return not any(subprocess.run(["promtool", *command], check=False).returncode for command in commands)


def fired_though_well(scene: Scene) -> set[str]:
    """Do nothing for a while, then have families book; name the alerts that fired."""
    fired = _seen(scene, IDLE_S)
    with ThreadPoolExecutor(1) as pool:
        load = pool.submit(_book, scene)
        while not load.done():
            fired |= _seen(scene, LOOKS_EVERY_S)
        load.result()
    return fired | _seen(scene, SETTLES_S)


def _book(scene: Scene) -> None:
    with Crowd(scene.families, BOOKINGS, CLIENTS):
        pass


def _seen(scene: Scene, for_s: float) -> set[str]:
    fired, until = set(), time.monotonic() + for_s
    while time.monotonic() < until:
        fired |= scene.watch.firing()
        time.sleep(LOOKS_EVERY_S)
    return fired


def wanted(words: Sequence[str]) -> list[walk.Step]:
    """Give the steps that make these alerts fire."""
    steps = [(step, [alert for alert in step.alerts if not words or alert in words]) for step in walk.STEPS]
    return [walk.Step(step.fault, alerts, step.inject) for step, alerts in steps if alerts]


def have_all(steps: Sequence[walk.Step], *, well: bool) -> int:
    """Run the stack and have these faults; print what became of each, and count what went wrong."""
    infrastructure.forget(NAME)
    with Stack(NAME) as stack:
        town.load(stack, datetime.now(UTC).date(), [carteville.TOWN], town.QUICK)
        families = entered(stack, FAMILIES)
        with broker.desk(stack.amqp_uri) as desk, watching(stack) as watch:
            scene = Scene(stack, families, _others(families), desk, watch)
            return (_kept_calm(scene) if well else 0) + sum(_had(scene, step) for step in steps)


def _kept_calm(scene: Scene) -> int:
    fired = fired_though_well(scene)
    _say(f"while all was well: {', '.join(sorted(fired)) or 'no alert fired'}")
    return len(fired)


def _had(scene: Scene, step: walk.Step) -> int:
    outcomes = walk.have(scene, step)
    for each in outcomes:
        _say(f"{each}\n    {each.told}")
    return sum(not each.good for each in outcomes)


def _others(families: Sequence[Family]) -> list[str]:
    """Give the logins of people of the town who are not among these."""
    entered_already = {family.person.login for family in families}
    today = datetime.now(UTC).date()
    logins = (each.email for file in carteville.TOWN.families(today) for each in file.guardians[:1])
    return [login for login in logins if login not in entered_already]


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a report for people


def main() -> int:
    """Have all of it; return 1 when an alert did not fire or end, or fired though all was well."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("alerts", nargs="*", metavar="ALERT", help="only these, and no calm before")
    words = parser.parse_args().alerts
    steps = wanted(words)
    if not steps:
        parser.error("no such alert")
    end_with_parent()
    try:
        system_packages.need_prometheus()
    except MissingPackagesError as missing:
        _say(str(missing))
        return 1
    if not checked():
        return 1
    bad = have_all(steps, well=not words)
    _say(f"{sum(len(step.alerts) for step in steps)} alerts, {bad} findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
