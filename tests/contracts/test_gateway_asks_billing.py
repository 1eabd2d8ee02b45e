"""The gateway and billing understand each other."""

import pytest

from billing import contract
from billing.contract import fields
from billing.service import Billing
from gateway.api import names
from gateway.errors import STATUSES
from tests.contracts import asking_gateway


@pytest.mark.parametrize("route", asking_gateway.routes_to("billing"), ids=str)
def test_what_the_gateway_asks_passes_the_door_and_what_it_expects_comes_back(route):
    assert asking_gateway.faults(route, Billing) == []


def test_every_door_for_the_gateway_is_used():
    assert asking_gateway.for_the_gateway(Billing) == asking_gateway.asked_of("billing")


def test_every_refusal_has_a_status_and_a_sentence():
    assert set(contract.REFUSALS) <= STATUSES.keys()


@pytest.mark.parametrize(
    ("documented", "published"),
    [
        (names.CREDIT_REASONS, fields.CREDIT_REASONS),
        (names.PAYMENT_STATES, fields.PAYMENT_STATES),
        (names.WALLET_MODES, fields.WALLET_MODES),
    ],
)
def test_the_specification_lists_the_names_that_billing_publishes(documented, published):
    assert set(documented) == set(published)
