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


# a membership is looked for among the session's own before identity is asked
NAMING = [
    route for route in ROUTES if "_id" in f"{route.rule}{route.body}" and "membership" not in route.rule
]


@pytest.mark.parametrize("route", NAMING, ids=str)
def test_an_id_as_long_as_the_gateway_takes_one_passes_the_door(route):
    """An id that nobody has is not found; no service calls malformed what the gateway lets through."""
    assert asking_gateway.faults(asking_gateway.with_the_longest_ids(route)) == []
