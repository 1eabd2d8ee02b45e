"""What every test of the repository may stand on; the fixtures themselves are in chassis.testing.fixtures."""

import importlib
from typing import Any

import pytest


@pytest.fixture(scope="session")
def topology_definitions() -> dict[str, Any]:
    # Loaded here, since only tests with a broker of their own may import the services and, with them,
    # eventlet.
    return importlib.import_module("deploy.rabbitmq.generate").generate()
