"""A Prometheus beside a stack: asks its programs all the time, and is asked which alerts fire."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests
import yaml

from deploy.local import ports
from deploy.local.layout import private_directory
from deploy.local.ports import LOOPBACK
from deploy.local.readiness import answers_ok
from deploy.local.stack import Stack
from deploy.local.supervision import TIED, clean_environment
from tests.alerts import hurried

TIMEOUT_S: Final = 10
START_S: Final = 60.0
LOOKS_EVERY_S: Final = 0.5


class Watch:
    """What a Prometheus says."""

    def __init__(self, url: str) -> None:
        self._url = url

    def firing(self) -> set[str]:
        """Name the alerts that fire now."""
        return {each["labels"]["alertname"] for each in self._alerts() if each["state"] == "firing"}

    def told(self, name: str) -> str:
        """Give the summary of an alert that fires, as operators read it; of several the first."""
        alerts = [each for each in self._alerts() if each["labels"]["alertname"] == name]
        return next((each["annotations"]["summary"] for each in alerts if each["state"] == "firing"), "")

    def value(self, expression: str) -> float | None:
        """Give the one number that an expression has now, None where it has none."""
        found = self._get("query", query=expression)["result"]
        return float(found[0]["value"][1]) if found else None

    def until(self, probe: Callable[[], bool], what: str, within_s: float = START_S) -> None:
        """Look from time to time until it is so. Raises TimeoutError, which says what was waited for."""
        deadline = time.monotonic() + within_s
        while not probe():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what}: not within {within_s:.0f} s")
            time.sleep(LOOKS_EVERY_S)

    def targets_up(self) -> bool:
        """Say whether every program is scraped."""
        targets = self._get("targets")["activeTargets"]
        return bool(targets) and all(each["health"] == "up" for each in targets)

    def _alerts(self) -> list[dict]:
        return self._get("alerts")["alerts"]

    def _get(self, what: str, **asked: str) -> dict:
        answer = requests.get(f"{self._url}/api/v1/{what}", asked, timeout=TIMEOUT_S)
        answer.raise_for_status()
        return answer.json()["data"]


def targets_of(stack: Stack) -> dict[str, str]:
    """Give where the pages of numbers of a stack are, by program."""
    return {name: urlsplit(stack.metrics_url(name)).netloc for name in (*stack.services, "gateway")}


def _written(stack: Stack) -> Path:
    """Write what Prometheus reads, the hurried rules beside it."""
    directory = private_directory(stack.directory / "prometheus")
    rules = yaml.safe_dump(hurried.hurried(), allow_unicode=True)
    (directory / "alerts.yml").write_text(rules, encoding="utf-8")
    configuration = directory / "prometheus.yml"
    configuration.write_text(yaml.safe_dump(hurried.scrape(targets_of(stack))), encoding="utf-8")
    return configuration


@contextmanager
def watching(stack: Stack) -> Iterator[Watch]:
    """Run a Prometheus over a stack; it is there once every program is scraped."""
    configuration = _written(stack)
    directory = configuration.parent
    port = ports.choose(["prometheus"], {}, directory / "ports.json")["prometheus"]
    command = [
        "prometheus",
        f"--config.file={configuration}",
        f"--storage.tsdb.path={directory / 'data'}",
        f"--web.listen-address={LOOPBACK}:{port}",
    ]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [*TIED, *command], env=clean_environment(), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://{LOOPBACK}:{port}"
            watch = Watch(url)
            watch.until(lambda: answers_ok(f"{url}/-/ready"), "Prometheus is ready")
            watch.until(watch.targets_up, "every program is asked")
            yield watch
        finally:
            process.terminate()
            process.wait(timeout=START_S)
