"""One stack with Carteville in it for all journeys; each journey takes families that no other touched."""

import pytest
import requests

from deploy.local import town
from tests.journeys import people
from tests.journeys.people import Person, Seats
from tests.towns import assert_sound, inhabited


@pytest.fixture(scope="session")
def stack():
    with inhabited("journeys", environment=town.QUICK) as running:
        yield running
        assert_sound(running)


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
        return requests.get(f"{stack.mail_url}/api/messages", {"to": login}, timeout=people.TIMEOUT_S).json()[
            "data"
        ]

    return to
