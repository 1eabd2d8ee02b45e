"""One stack with Carteville in it, whose programs are stopped and frozen, and families to notice it."""

import pytest

from deploy.demo import carteville
from deploy.local import town
from tests.journeys import people
from tests.towns import assert_sound, inhabited


@pytest.fixture(scope="session")
def stack():
    with inhabited("outages", [carteville.TOWN], town.QUICK) as running:
        yield running
        assert_sound(running)


@pytest.fixture(scope="session")
def households(stack):
    """Families, none of whom is used twice."""
    return people.households(stack)
