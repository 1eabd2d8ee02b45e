"""The suite in containers, brought up once for all that is asked of it; `make images` runs this."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from deploy.containers.engine import Engine
from deploy.local import town
from tests.images.composing import MADE, Suite

ADDRESS = "http://127.0.0.1:8000"
"""What docker-compose.yml publishes by default: the network is this run's own."""


@pytest.fixture(scope="session")
def engine():
    with Engine(networks=True) as running:
        yield running


@pytest.fixture(scope="session")
def suite(engine):
    shutil.rmtree(MADE, ignore_errors=True)
    brought = Suite(engine)
    try:
        brought.up()
        yield brought
    finally:
        brought.compose("down", "--volumes", "--remove-orphans", "--timeout", "20")
        shutil.rmtree(MADE)


@pytest.fixture(scope="session")
def towns(suite):
    """Both demo towns, read by the services' own images."""

    def read(service):
        for each in town.TOWNS:
            command = ("python", "-m", f"{service}.commands", "import", "/import")
            suite.run(
                service,
                *command,
                "--organisation",
                each.slug,
                mount=MADE / "towns" / each.slug,
                environment=town.QUICK,
            )

    for side_by_side in town.IMPORTING:
        with ThreadPoolExecutor(len(side_by_side)) as pool:
            list(pool.map(read, side_by_side))
    return suite
