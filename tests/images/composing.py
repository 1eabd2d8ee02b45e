"""docker-compose.yml brought up as it is shipped, as far as an older docker-compose can read it."""

import json
import subprocess
from pathlib import Path

import yaml

from deploy.compose import prepare
from deploy.containers.engine import HOME
from deploy.local.layout import ROOT
from deploy.local.readiness import NotReadyError, wait_until

SHIPPED = ("docker-compose.yml", "deploy/compose/simulators.yml")
PROJECT = "marelle"
UNKNOWN_TO_1_29 = {"name", "start_interval", "create_host_path"}
"""What Debian's docker-compose 1.29 does not know, beside `restart` below `depends_on`: all else stays."""
MADE = HOME / "compose"
"""Secrets and towns of these containers, instead of var/compose, which may be somebody's own."""
UP_S = 240


def readable(path):
    """The document of a compose file, without what 1.29 does not know, mounting what was made for it."""
    return _changed(yaml.safe_load((ROOT / path).read_text(encoding="utf-8")))


def _changed(node):
    if isinstance(node, dict):
        unknown = UNKNOWN_TO_1_29 | ({"restart"} if "condition" in node else set())
        kept = {key: _changed(value) for key, value in node.items() if key not in unknown}
        return {key: value for key, value in kept.items() if not (key == "bind" and not value)}
    if isinstance(node, list):
        return [_changed(each) for each in node]
    if isinstance(node, str):
        return node.replace("./var/compose/", f"{MADE}/")
    return node


class Suite:
    """The programs of docker-compose.yml in containers, by their names there."""

    def __init__(self, engine):
        self.engine = engine
        self.document = readable(SHIPPED[0])
        files = [_write(MADE / f"{number}.yml", readable(path)) for number, path in enumerate(SHIPPED)]
        named = [word for file in files for word in ("-f", str(file))]
        self._compose = [
            "docker-compose",
            "--project-name",
            PROJECT,
            "--project-directory",
            str(ROOT),
            *named,
        ]

    def compose(self, *words):
        try:
            return self.engine.run([*self._compose, *words])
        except subprocess.CalledProcessError as failure:
            raise AssertionError(failure.stdout) from failure

    def up(self):
        prepare.secrets(MADE / "secrets")
        prepare.towns(MADE / "towns")
        self.compose("up", "-d", "--no-build")
        self.wait_healthy()

    def wait_healthy(self):
        try:
            wait_until(lambda: not self.ailing(), "the suite in containers", UP_S)
        except NotReadyError:
            raise AssertionError({name: self.logs(name) for name in self.ailing()}) from None

    def ailing(self):
        """Programs that should answer and don't."""
        return [name for name in self.running_for_good() if self.health(name) != "healthy"]

    def running_for_good(self):
        once = {"database"}
        return [
            name
            for name, program in self.document["services"].items()
            if "profiles" not in program and name not in once
        ]

    def health(self, name):
        return self.inspect(name).get("State", {}).get("Health", {}).get("Status", "absent")

    def inspect(self, name):
        """What the engine knows of a program's container."""
        found = self.compose("ps", "-a", "-q", name).split()
        return json.loads(self.engine.docker("inspect", found[0]))[0] if found else {}

    def logs(self, name):
        return self.compose("logs", "--no-color", "--tail", "20", name)

    def run(self, name, *command, mount=None, environment=None):
        """Run a command in a new container of a program, and return what it printed."""
        volume = ["-v", f"{mount}:/import:ro"] if mount else []
        told = [word for key, value in (environment or {}).items() for word in ("-e", f"{key}={value}")]
        return self.compose("run", "--rm", "--no-deps", "-T", *volume, *told, name, *command)

    def inside(self, name, *command):
        """Run a command in a program's own container: (exit status, what it printed)."""
        container = self.inspect(name)["Id"]
        try:
            return 0, self.engine.docker("exec", container, *command)
        except subprocess.CalledProcessError as failure:
            return failure.returncode, failure.stdout


def _write(path: Path, document):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path
