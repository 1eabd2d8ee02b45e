"""A stack in which the services and the gateway of two checkouts share a broker and a database.

The broker has the newer definitions from the start, as an installation takes them before the newer programs.
Both gateways stand behind one address. The programs of this checkout have their usual names, those of the
older one begin with `older-`; either may run alone.
"""

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from deploy.local import programs
from deploy.local.layout import SERVICES
from deploy.local.ports import LOOPBACK
from deploy.local.readiness import answers_ok
from deploy.local.stack import Stack
from deploy.local.supervision import Program, clean_environment
from deploy.local.town import IMPORTING
from tests.releases.balancer import Balancer
from tests.releases.restored import MIGRATE

RELEASES = NEWER, OLDER = ("newer", "older")
RELEASED = (*SERVICES, "gateway")
"""What each release has of its own; broker, database and the two simulators are shared."""
ADDRESSED = ("GATEWAY_PUBLIC_URL", "BILLING_PUBLIC_URL", "NOTIFY_PUBLIC_URL")
"""Settings that say where the gateway is found."""
PATIENT = {
    "GATEWAY_ANSWER_WITHIN_S": "8",
    "GATEWAY_RPC_TIMEOUT_S": "5",
    "BOOKING_QUOTE_TIMEOUT_S": "6",
    "BOOKING_SETTLE_TIMEOUT_S": "6",
}
"""On a busy machine answers come late, above all while programs start. One that was lost with a program that
stopped, or that the other release can't read, doesn't come at all, and only that is looked for."""
TOWN = "carteville"
ASKED_S = 300
_PROGRAMS_OF = Path(__file__).with_name("programs_of.py")
_WRITE_TOWN = f"""
import sys
from datetime import date
from pathlib import Path
from deploy.demo import {TOWN}
{TOWN}.write(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
"""


def program(release: str, name: str) -> str:
    """Give the name by which the stack knows a program of a release, or its port."""
    return name if release == NEWER else f"{OLDER}-{name}"


class TwoReleases(Stack):
    """Shared parts, and two releases of which none runs at the start."""

    port_names = (
        *programs.STACK_PORTS,
        "balancer",
        program(OLDER, "gateway"),
        program(OLDER, "gateway_metrics"),
        *(program(OLDER, f"{name}_health") for name in SERVICES),
    )

    def __init__(self, name: str, older: Path) -> None:
        super().__init__(name, fresh=True)
        self.older = older.resolve()
        self.running: list[str] = []
        self._diary: list[tuple[float, str]] = []

    def start(self) -> None:
        """Start what is shared."""
        self.prepare()
        self.supervisor.start()
        self.make_database_ready()
        self.wait_for_broker()
        self.balancer = Balancer(self.ports["balancer"])

    @property
    def gateway_url(self) -> str:
        """The address behind which one gateway stands, or both."""
        return self.balancer.url

    def is_ready(self, program: str) -> bool:
        """Say whether a program of either release, or a shared one, can be used now."""
        name = program.removeprefix(f"{OLDER}-")
        if name in SERVICES:
            return answers_ok(self.health_url(program, "readyz"))
        if name == "gateway":
            return answers_ok(f"http://{LOOPBACK}:{self.ports[program]}/healthz")
        return super().is_ready(program)

    def health_url(self, program: str, page: str) -> str:
        """Give the address of a page of a service's own."""
        return f"http://{LOOPBACK}:{self.ports[f'{program}_health']}/{page}"

    def bring_in(self, release: str) -> None:
        """Start a release, one program after the other, and have it take its part once all of it is ready."""
        self._note(f"{release} comes in")
        for name in (program(release, each) for each in RELEASED):
            self.start_program(name)
            self.wait_ready(name)
        self.running.append(release)
        self._lead()
        self._note(f"{release} is in")

    def take_out(self, release: str) -> None:
        """Lead nobody to a release any more, then stop its programs one after the other."""
        self._note(f"{release} goes out")
        self.running.remove(release)
        self._lead()
        for name in (program(release, each) for each in reversed(RELEASED)):
            self.stop_program(name)
        self._note(f"{release} is out")

    def doing(self, at: float) -> str:
        """Say what was going on at a moment of the monotonic clock."""
        return next((what for began, what in reversed(self._diary) if began <= at), "the start")

    def _note(self, what: str) -> None:
        self._diary.append((time.monotonic(), what))

    def _lead(self) -> None:
        gateways = {release: self.ports[program(release, "gateway")] for release in self.running}
        self.balancer.lead_to(gateways)

    # ---- the older checkout, asked by its own Python

    def load_town(self, today: date) -> None:
        """Have the older release import its own demo town. It must be running."""
        files = self.directory / "towns" / TOWN
        files.mkdir(parents=True)
        self.ask_older(["-c", _WRITE_TOWN, str(files), today.isoformat()])
        for service in (each for together in IMPORTING for each in together):
            command = ["-m", f"{service}.commands", "import", str(files), "--organisation", TOWN]
            self.ask_older(command, service=service)

    def migrate_older(self) -> None:
        """Run the older release's own migrations, as an installation of it has; the first had none."""
        for service in SERVICES:
            command = ["-m", f"{service}.commands"]
            if MIGRATE in self.ask_older([*command, "--help"], service=service):
                self.ask_older([*command, MIGRATE], service=service)

    def ask_older(
        self, arguments: Sequence[str], told: str = "", *, service: str = "", **environment: str
    ) -> str:
        """Run the older checkout's Python there, as one of its services if told, and give what it printed.

        Raises AssertionError, with what it said, when it failed.
        """
        own = self.supervisor.programs[program(OLDER, service)].environment if service else {}
        ran = subprocess.run(
            [str(self._older_python()), *arguments],
            cwd=self.older,
            env={**clean_environment(), **own, **environment},
            input=told,
            capture_output=True,
            text=True,
            timeout=ASKED_S,
            check=False,
        )
        if ran.returncode:
            raise AssertionError(f"{arguments}:\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def _older_python(self) -> Path:
        return self.older / ".venv" / "bin" / "python"

    def _programs(self) -> list[Program]:
        newer = super()._programs()
        public = f"http://{LOOPBACK}:{self.ports['balancer']}"
        older = [
            replace(
                each, name=program(OLDER, each.name), command=["env", "-C", str(self.older), *each.command]
            )
            for each in self._older_programs()
        ]
        return [_as_here(public, each) for each in (*newer, *older)]

    def _older_programs(self) -> list[Program]:
        own = {name: self.ports[program(OLDER, name)] for name in self._own_ports()}
        around = {
            "ports": {**self.ports, **own},
            "directory": str(self.directory),
            "amqp_uris": self.amqp_uris,
            "mongodb_uris": self.mongodb_uris,
            "databases": self.databases,
        }
        said = self.ask_older([str(_PROGRAMS_OF)], json.dumps(around))
        return [Program(**each) for each in json.loads(said)]

    @staticmethod
    def _own_ports() -> Sequence[str]:
        return ("gateway", "gateway_metrics", *(f"{name}_health" for name in SERVICES))


def _as_here(public: str, each: Program) -> Program:
    """Tell a program of a release where both gateways are found, and to wait long for answers."""
    if each.name.removeprefix(f"{OLDER}-") not in RELEASED:
        return each
    addresses = {name: public for name in ADDRESSED if name in each.environment}
    return replace(each, environment={**each.environment, **addresses, **PATIENT})
