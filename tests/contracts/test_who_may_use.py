"""A route of the gateway lets in whom the door that it asks lets in."""

import pytest

from tests.contracts import asking_gateway
from tests.gateway.samples import ROUTES

# By themselves: what is asked in nobody's name before anybody is known, and what the gateway keeps.
APART = {"identity.resolve_session", "identity.get_organisation", "billing.record_payment"}


@pytest.mark.parametrize("route", [route for route in ROUTES if route.call not in APART], ids=str)
def test_a_route_and_the_door_behind_it_name_the_same_people(route):
    policy, asked = asking_gateway.who_may_use(route)
    assert policy == asked
