"""One stack with Carteville in it for all journeys; each journey takes families that no other touched."""

from datetime import UTC, datetime

import pytest
import requests

from chassis.testing.waiting import eventually
from deploy.local import fsck, town
from deploy.local.stack import Stack
from tests.journeys import people
from tests.journeys.people import Person, Seats


@pytest.fixture(scope="session")
def stack():
    with Stack("journeys", fresh=True) as running:
        town.load(running, datetime.now(UTC).date(), environment=town.QUICK)
        eventually(lambda: bool(Person(running.gateway_url).get("/organisations/carteville")), timeout_s=30)
        yield running
        from deploy.fsck import report  # noqa: PLC0415

        assert "\n".join(report.converged(fsck.where(running))) == ""


@pytest.fixture(scope="session")
def households(stack):
    """Families, none of whom is used twice."""
    return people.households(stack)


@pytest.fixture(scope="session")
def seats():
    return Seats()


@pytest.fixture
def family(stack, households):
    return Person.logged_in(stack.gateway_url, next(households).guardians[0].email)


@pytest.fixture
def other_family(stack, households):
    return Person.logged_in(stack.gateway_url, next(households).guardians[0].email)


@pytest.fixture
def mails(stack):
    def to(login: str) -> list[dict[str, object]]:
        return requests.get(f"{stack.mail_url}/api/messages", {"to": login}, timeout=5).json()["data"]

    return to
