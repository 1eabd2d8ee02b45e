"""One stack with Carteville in it, whose programs are stopped and frozen, and families to notice it."""

from datetime import UTC, datetime

import pytest

from chassis.testing.waiting import eventually
from deploy.demo import carteville
from deploy.fsck import report
from deploy.local import fsck, town
from deploy.local.stack import Stack
from tests.journeys import people
from tests.journeys.people import Person


@pytest.fixture(scope="session")
def stack():
    with Stack("outages", fresh=True) as running:
        town.load(running, datetime.now(UTC).date(), [carteville.TOWN], town.QUICK)
        eventually(lambda: bool(Person(running.gateway_url).get("/organisations/carteville")), timeout_s=30)
        yield running
        assert report.converged(fsck.where(running)) == []


@pytest.fixture(scope="session")
def households(stack):
    """Families, none of whom is used twice."""
    return people.households(stack)
