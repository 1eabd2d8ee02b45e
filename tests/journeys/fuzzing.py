"""`python -m tests.journeys.fuzzing [SECONDS]`: what nobody would ask of the interface, on its own stack.

schemathesis, in all its phases (examples, coverage, fuzzing, stateful) with all its checks, ten minutes as
a family that is logged in and ten as nobody. It says what was asked and found; exit status 1 when an
answer was a fault, or one that the specification does not name.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.demo import carteville
from deploy.local import town
from deploy.local.layout import ROOT
from tests.journeys import people
from tests.towns import inhabited

PHASES = "examples,coverage,fuzzing,stateful"
SECONDS = 600
SLACK_S = 300
GATEWAY, LOGIN = "FUZZ_GATEWAY_URL", "FUZZ_LOGIN"
_CONFIG = ROOT / "tests" / "gateway" / "schemathesis.toml"
LOGGING_IN = "POST /api/v1/sessions"
"""It has no password to guess right, and who guesses wrong too often locks out everybody at the address."""


@dataclass(frozen=True)
class Report:
    """What came of a run: requests made, operations reached, and what was found, as schemathesis says it."""

    requests: int
    operations: int
    phases: dict[str, str]
    found: int
    text: str

    @property
    def failures(self) -> str:
        """What was found, in one line: the text from its heading of failures on."""
        return " ".join(self.text[max(0, self.text.find("= FAILURES")) :].replace("_" * 3, "").split())

    def __str__(self) -> str:
        phases = ", ".join(f"{name} {status}" for name, status in self.phases.items())
        return f"{self.requests} requests to {self.operations} operations, {self.found} found ({phases})"


def fuzz(
    gateway_url: str, login: str | None, seconds: int, directory: Path, left_out: Sequence[str] = ()
) -> Report:
    """Ask for `seconds`, as the family with this login or as nobody, what is not `left_out` (operations)."""
    report = directory / f"{'nobody' if login is None else 'family'}.json"
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(_CONFIG), "run",
        f"{gateway_url}/api/v1/openapi.json", "--phases", PHASES, "--max-time", str(seconds),
        "--continue-on-failure", "--warnings", "off", "--no-color", "--generation-database", "none",
        "--report", "json", "--report-json-path", str(report),
        *(option for name in left_out for option in ("--exclude-name", name)),
    ]  # fmt: skip
    hooks = "tests.journeys.fuzzing_hooks"
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": hooks, GATEWAY: gateway_url, LOGIN: login or ""}
    said = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds + SLACK_S,
        check=False,
    )
    if not report.exists():
        raise RuntimeError(said.stdout + said.stderr)
    return _read(json.loads(report.read_text(encoding="utf-8")), said.stdout)


def _read(report: dict[str, Any], text: str) -> Report:
    return Report(
        requests=report["test_cases"]["generated"],
        operations=report["operations"]["tested"],
        phases={name: phase["status"] for name, phase in report["phases"].items()},
        found=report["test_cases"]["unique_failures"] + len(report["errors"]),
        text=text,
    )


def main(seconds: int) -> int:
    """Ask as both, and say what came of it."""
    with inhabited("fuzz", [carteville.TOWN], town.QUICK) as stack:
        login = next(people.households(stack)).guardians[0].email
        # nobody comes last: who tries to log in again and again is locked out in the end
        found = 0
        for who in (login, None):
            left_out = [LOGGING_IN] if who else []
            report = fuzz(stack.gateway_url, who, seconds, stack.directory, left_out)
            sys.stdout.write(f"{report.text if report.found else ''}{who or 'nobody'}: {report}\n")
            found += report.found
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
