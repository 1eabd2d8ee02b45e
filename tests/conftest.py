"""What every test of the repository may stand on; the fixtures themselves are in chassis.testing.fixtures."""

import importlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# how long an example takes says more of the machine than of the rule
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("house"), max_examples=5_000)
settings.load_profile("house")  # `make long` asks for the other: --hypothesis-profile=long


@pytest.fixture(scope="session")
def topology_definitions() -> dict[str, Any]:
    # Loaded here, since only tests with a broker of their own may import the services and, with them,
    # eventlet.
    return importlib.import_module("deploy.rabbitmq.generate").generate()


HEADLINE_MAX = 900
REAL_PARTS = {"mongo_database", "virtual_host", "broker", "stack"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need no real part, which `make unit` runs and `make services` leaves out."""
    for item in items:
        asks = not REAL_PARTS.isdisjoint(getattr(item, "fixturenames", ()))
        if not asks and item.get_closest_marker("real") is None:
            item.add_marker("pure")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Leave what failed, and the order that it failed in, where `make test` says it again at its end."""
    path = os.environ.get("FAILED_TESTS")
    failed = [
        f"  {report.nodeid}: {_headline(report)}"
        for kind in ("failed", "error")
        for report in terminalreporter.stats.get(kind, ())
    ]
    if path and failed:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write("\n".join([f"  --randomly-seed={config.getoption('randomly_seed')}", *failed, ""]))


def _headline(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return (crash.message if crash else report.longreprtext).strip().partition("\n")[0][:HEADLINE_MAX]
