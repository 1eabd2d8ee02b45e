"""What families and operators do so that every failpoint of the code is passed by somebody."""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pymongo.database import Database

from chassis.testing.waiting import eventually
from deploy.demo import carteville
from deploy.local.layout import ROOT
from deploy.local.stack import Stack
from tests.chaos.families import HOT, PREPAID, Family, Patient, click_pay
from tests.chaos.load import Crowd

CONFIRMATIONS = 24
IMPORT_S = 120
RENAMED = {"organisations.csv": 1, "families.csv": 1, "accounts.csv": 3}
"""By file, the column in which an import finds another name: in the first line, of accounts in the last."""
STAFF = carteville.TOWN.staff[-1][0]
"""Who stands in that last line."""


class Forgiving(Patient):
    """Takes a broken answer too for "later"."""

    forgives_faults = True


class Doings:
    """Carteville in a stack, and what is done there; each method may be called again and again.

    `armed` is laid over the environment of the imports, which are processes of their own.
    """

    def __init__(self, stack: Stack, families: Sequence[Family], identity: Database) -> None:
        self.stack = stack
        self.families = families
        self.identity = identity
        self.armed: Mapping[str, str] = {}
        self.round = 0

    # ---- families

    def live(self) -> None:
        """Book, pay, cancel, wait: everything that families do all the time."""
        self.round += 1
        with Crowd(self.families, CONFIRMATIONS):
            pass
        family = self.families[-self.round % len(self.families)]
        self._paid(family, self._held(family, PREPAID, family.days[PREPAID]))

    def change_their_minds(self) -> None:
        """One family gives a paid day back, and one that it has not paid; then it lets its hold run out."""
        family = self.families[self.round % len(self.families)]
        for pays in (True, False):
            confirmation = self._held(family, PREPAID, family.days[PREPAID])
            if pays:
                self._paid(family, confirmation)
            family.person.cancel(confirmation["lines"][0]["booking_id"])
        self._becomes(family, self._held(family, PREPAID, family.days[PREPAID]), "expired")

    def pay_too_late(self) -> None:
        """A family pays a seat that it lost and to which the next one moved up: it gets an avoir."""
        late, next_one = self.families[self.round % 8], self.families[8 + self.round % 8]
        confirmation = self._held(late, HOT, late.quiet_days)
        page = late.person.start_payment(confirmation["id"])["page_url"]
        next_one.ask_for(HOT, confirmation["lines"][0]["day"])
        self._becomes(late, confirmation, "expired", "accepted")
        click_pay(page)

    def _held(self, family: Family, name: str, days: Sequence[str]) -> dict:
        for day in days:
            confirmation = family.ask_for(name, day)
            if confirmation and confirmation["lines"][0]["verdict"] == "held":
                return confirmation
        raise AssertionError(f"{family.person.login} finds no seat of {name} to hold")

    def _paid(self, family: Family, confirmation: dict) -> None:
        click_pay(family.person.start_payment(confirmation["id"])["page_url"])
        self._becomes(family, confirmation, "accepted", "expired")

    def _becomes(self, family: Family, confirmation: dict, *states: str) -> None:
        booking_id = confirmation["lines"][0]["booking_id"]
        eventually(lambda: family.person.state(booking_id) in states)

    def come_and_go(self) -> None:
        """Log in, come back after a while, switch, end another session, log out."""
        first, second = (self._logged_in(STAFF) for _ in range(2))
        self.identity["sessions"].update_many(
            {"login": STAFF}, {"$set": {"last_seen_at": datetime.now(UTC) - timedelta(minutes=5)}}
        )
        first.switch(first.session()["organisation"]["id"])
        first.session()
        for person in (first, second):
            person.ask("DELETE", "/sessions/current")

    def _logged_in(self, login: str) -> Forgiving:
        return Forgiving.logged_in(self.stack.gateway_url, login)

    # ---- operators

    def import_organisations(self) -> None:
        """Import a town of another name, and a member of staff of another, whose sessions end by it."""
        self._logged_in(STAFF)
        self._import("identity")

    def import_families(self) -> None:
        """Import a family of another name."""
        self._import("family")

    def close_a_day(self) -> None:
        """Close a day of its own each time, which the service carries on."""
        day = datetime.now(UTC).date() + timedelta(days=20 + self.round)
        self._import("booking", f";{day};{day};Neige;closure\n")

    def _import(self, service: str, closure: str = "") -> None:
        """Run an import; one that was killed or broke is run again, as its operator would."""
        self.round += 1
        files = self.stack.directory / "changed"
        shutil.rmtree(files, ignore_errors=True)
        write_renamed(files, str(self.round))
        with (files / "closures.csv").open("a", encoding="utf-8") as closures:
            closures.write(closure)
        command = [sys.executable, "-m", f"{service}.commands", "import", str(files)]
        for _ in range(2):
            done = subprocess.run(
                [*command, "--organisation", carteville.SLUG],
                cwd=ROOT,
                env={**self.stack.env(service), **self.armed},
                capture_output=True,
                text=True,
                timeout=IMPORT_S,
                check=False,
            )
            if not done.returncode:
                return
        raise AssertionError(f"the import of {service} failed twice:\n{done.stdout}{done.stderr}")


def write_renamed(directory: Path, suffix: str) -> None:
    """Write Carteville's files, with other names in one line of some."""
    carteville.write(directory, datetime.now(UTC).date())
    for name, column in RENAMED.items():
        head, *lines = (directory / name).read_text(encoding="utf-8").splitlines()
        number = -1 if name == "accounts.csv" else 0
        cells = lines[number].split(";")
        cells[column] = f"{cells[column]} {suffix}"
        lines[number] = ";".join(cells)
        (directory / name).write_text("\n".join([head, *lines, ""]), encoding="utf-8")
