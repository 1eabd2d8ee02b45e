"""The gateway and identity understand each other."""

import pytest

from identity.service import Identity
from tests.contracts import asking_gateway


@pytest.mark.parametrize("route", asking_gateway.routes_to("identity"), ids=str)
def test_what_the_gateway_asks_passes_the_door_and_what_it_expects_comes_back(route):
    assert asking_gateway.faults(route, Identity) == []


def test_every_door_for_the_gateway_is_used():
    assert asking_gateway.for_the_gateway(Identity) == asking_gateway.asked_of("identity")
