"""One stack with Carteville in it, whose programs are killed and frozen; and the families it serves."""

from pathlib import Path

import pytest
from pymongo import MongoClient

from deploy.demo import carteville
from deploy.fsck import report
from deploy.local import fsck
from tests.chaos import points
from tests.chaos.families import entered
from tests.chaos.load import Crowd
from tests.towns import inhabited

CLIENTS = 8
CROWD, QUIET = 40, 6
SLOWEST_S = 300
"""The first test here also starts the stack, and loads the town into it."""


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(SLOWEST_S))


@pytest.fixture(scope="session")
def stack():
    with inhabited("chaos", [carteville.TOWN]) as running:
        yield running


@pytest.fixture
def holds(stack):
    """Gives what is still found wrong two minutes after the last fault, or after `within_s`."""
    return lambda within_s=120.0: report.converged(fsck.where(stack), within_s)


@pytest.fixture
def armed(stack):
    """Arms failpoints in services, as `points.arm` does; takes them out again."""
    services = []

    def arm(points_of, settings=None):
        services.extend(points_of)
        return points.arm(stack, points_of, settings)

    yield arm
    for service in services:
        stack.restart(service)


@pytest.fixture(scope="session")
def databases(stack):
    with MongoClient(stack.mongodb_uri, tz_aware=True) as client:
        yield {service: client[name] for service, name in stack.databases.items()}


@pytest.fixture(scope="session")
def booking(databases):
    return databases["booking"]


@pytest.fixture(scope="session")
def everybody(stack):
    return entered(stack, CROWD + QUIET)


@pytest.fixture(scope="session")
def families(everybody):
    """Those of whom crowds are made."""
    return everybody[:CROWD]


@pytest.fixture(scope="session")
def quiet_families(everybody):
    """Those who never join a crowd, and so have days left."""
    return everybody[CROWD:]


@pytest.fixture
def crowd(families):
    def gather(steps, clients=CLIENTS):
        for family in families:
            family.sent.clear()
        return Crowd(families, steps, clients)

    return gather


@pytest.fixture(scope="session")
def served(stack, families):
    """Some confirmations of every kind lie in the databases, and everything has come to rest."""
    with Crowd(families[:16], 64, CLIENTS):
        pass
    assert report.converged(fsck.where(stack)) == []
