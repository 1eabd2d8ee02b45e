"""What the gateway lets through, no service calls malformed: an id that nobody has is not found."""

import pytest

from tests.contracts import asking_gateway
from tests.gateway.samples import ROUTES

# a membership is looked for among the session's own before identity is asked
NAMING = [
    route for route in ROUTES if "_id" in f"{route.rule}{route.body}" and "membership" not in route.rule
]


@pytest.mark.parametrize("route", NAMING, ids=str)
def test_an_id_as_long_as_the_gateway_takes_one_passes_the_door(route):
    assert asking_gateway.faults(asking_gateway.with_the_longest_ids(route)) == []
