"""`python -m tests.releases.restored NAME`: this checkout's programs over what another release kept.

Runs until Ctrl-C, so that a person can log in and look; `restored` is the same for tests.

The documents are put into the databases as they were stored, not a day moved: it is the programs whose
clocks are set back, to the moment at which the dump was made (CHASSIS_CLOCK_AHEAD_S). So its holds are
still running and its periods still open however old it has become. Moving the documents instead would have
to know every date of every form, those in ids and in texts too, and would move deadlines by an hour from
summer to winter; and what is read then would not be what that release wrote.

Three clocks are not ours to set: mongod's, which would drop what is old by it and is told not to; that of
the payment simulator, which is told to go back by its own door; and that of `fsck`, see `fsck_of`.
"""

import argparse
import sys
import threading
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self
from unittest.mock import patch

import requests

from deploy.fsck import report
from deploy.local import fsck, town
from deploy.local.layout import SERVICES
from deploy.local.lifeline import end_with_parent
from deploy.local.stack import Stack
from deploy.local.supervision import Program
from tests.journeys.people import TIMEOUT_S
from tests.releases import stored
from tests.releases.opened import opened

MIGRATE = "migrate"


class RestoredStack(Stack):
    """A fresh stack whose databases hold a dump, and whose programs believe that it was made just now.

    `settings` are laid over the environment of all services.
    """

    def __init__(self, name: str, dump: Path, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(name, fresh=True)
        self.dump, self.origin = dump, stored.origin(dump)
        self.age = self.origin.age
        self._settings = {**(settings or {}), "CHASSIS_CLOCK_AHEAD_S": str(-self.age.total_seconds())}

    def prepare(self) -> None:
        """Choose and write what a stack needs; the pepper is the one that the dump's passwords had."""
        super().prepare()
        self.credentials.keep("identity.pepper", self.origin.identity_pepper)

    def make_database_ready(self) -> None:
        """Make the database ready, put the dump into it, and have it migrated before any service starts."""
        super().make_database_ready()
        with opened(self) as databases:
            client = databases[SERVICES[0]].client
            client.admin.command("setParameter", 1, ttlMonitorEnabled=False)
            stored.load(self.dump, databases)
        for service in SERVICES:
            migrate(self, service)
        # as the runbook says: identity keeps a copy of families, of which an older release did not tell it
        town.run_command(self, "family", ["republish", "--organisation", "all"])

    def start(self) -> None:
        """Start everything, and put the payment simulator's clock back."""
        super().start()
        moved = {"advance_s": -self.age.total_seconds()}
        requests.post(f"{self.payment_url}/api/clock", json=moved, timeout=TIMEOUT_S).raise_for_status()

    def _programs(self) -> list[Program]:
        return [
            replace(each, environment={**each.environment, **self._settings})
            if each.name in (*SERVICES, "gateway")
            else each
            for each in super()._programs()
        ]


def migrate(stack: Stack, service: str) -> None:
    """Run a service's migrations; a release that has no command for it has none."""
    if MIGRATE in town.run_command(stack, service, ["--help"]):
        town.run_command(stack, service, [MIGRATE])


def fsck_of(stack: RestoredStack, known: Collection[str] = ()) -> list[str]:
    """Give what fsck still finds beside `known`, half a minute from now, by the programs' own time."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) - stack.age

    with patch.object(report, "datetime", Then):
        return report.converged(fsck.where(stack), known=known)


def main() -> int:
    """Run a restored stack until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", help="a folder beside this file, such as made_by_1d38cb3")
    end_with_parent()
    with RestoredStack("restored", stored.HERE / parser.parse_args().name) as stack:
        print(f"{stack.gateway_url} as of {stack.origin.made_at}")  # noqa: T201
        print(f"Log in as {stack.origin.login}, password {stack.origin.password}")  # noqa: T201
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
