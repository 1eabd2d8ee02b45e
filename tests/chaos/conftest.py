"""One stack with Carteville in it, whose programs are killed and frozen; and the families it serves."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pymongo import MongoClient

from chassis.testing.waiting import eventually
from deploy.demo import carteville
from deploy.fsck import report
from deploy.local import fsck, town
from deploy.local.stack import Stack
from tests.chaos.families import entered
from tests.chaos.load import Crowd
from tests.journeys.people import Person

CLIENTS = 8
CROWD = 40
SLOWEST_S = 300
"""The first test here also starts the stack, and loads the town into it."""


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(SLOWEST_S))


@pytest.fixture(scope="session")
def stack():
    with Stack("chaos", fresh=True) as running:
        town.load(running, datetime.now(UTC).date(), [carteville.TOWN])
        eventually(lambda: bool(Person(running.gateway_url).get("/organisations/carteville")), timeout_s=30)
        yield running


@pytest.fixture
def holds(stack):
    """Gives what is still found wrong half a minute after the last fault, or after `within_s`."""
    return lambda within_s=30.0: report.converged(fsck.where(stack), within_s)


@pytest.fixture
def armed(stack):
    """Arms failpoints in services and gives what tells which have fired; takes them out again."""
    marks, services = stack.directory / "failpoints", []

    def arm(points):
        shutil.rmtree(marks, ignore_errors=True)
        for service, specifications in points.items():
            services.append(service)
            armed_with = {"FAILPOINTS": ",".join(specifications), "FAILPOINTS_MARKS": str(marks)}
            stack.restart(service, armed_with)
        return lambda: {mark.name.rpartition(".kill.")[0] for mark in marks.glob("*")}

    yield arm
    for service in services:
        stack.restart(service)


@pytest.fixture
def booking(stack):
    with MongoClient(stack.mongodb_uri, tz_aware=True) as client:
        yield client[stack.databases["booking"]]


@pytest.fixture(scope="session")
def families(stack):
    return entered(stack, CROWD)


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
