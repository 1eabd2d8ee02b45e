"""The gateway and billing understand each other."""

import pytest

from billing.attempts.model import AttemptState, Checked
from billing.credit_notes.model import CreditReason
from billing.wallets.model import Mode
from gateway.api import names
from tests.contracts import asking_gateway


@pytest.mark.parametrize("route", asking_gateway.routes_to("billing"), ids=str)
def test_what_the_gateway_asks_passes_the_door_and_what_it_expects_comes_back(route):
    assert asking_gateway.faults(route) == []


def test_every_door_for_the_gateway_is_used():
    for_staff = {"get_settings", "put_settings", "list_quarantined", "resolve_quarantine"}  # pages to come
    assert asking_gateway.for_the_gateway("billing") - for_staff == asking_gateway.asked_of("billing")


@pytest.mark.parametrize("answered", asking_gateway.answers_of("billing"), ids=str)
def test_the_gateway_reads_a_reply_in_every_way_it_may_come(answered):
    assert asking_gateway.unread(answered) == []


@pytest.mark.parametrize(
    "refusal", asking_gateway.refusals_of("billing"), ids=lambda refusal: refusal["code"]
)
def test_every_refusal_has_a_status_and_a_sentence(refusal):
    response = asking_gateway.told_of(refusal, "billing")
    assert response.json["code"] == refusal["code"]
    assert 400 <= response.status_code != 500
    assert response.json["title"] or response.json["detail"]


@pytest.mark.parametrize(
    ("documented", "published"),
    [
        (names.CREDIT_REASONS, tuple(CreditReason)),
        (names.PAYMENT_STATES, tuple(AttemptState)),
        (names.CHECKED, tuple(Checked)),
        (names.WALLET_MODES, tuple(Mode)),
    ],
)
def test_the_specification_lists_the_names_that_billing_publishes(documented, published):
    assert set(documented) == set(published)
