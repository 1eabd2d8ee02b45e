"""The gateway and booking understand each other."""

import pytest

from booking import fields
from gateway.api import names
from tests.contracts import asking_gateway


@pytest.mark.parametrize("route", asking_gateway.routes_to("booking"), ids=str)
def test_what_the_gateway_asks_passes_the_door_and_what_it_expects_comes_back(route):
    assert asking_gateway.faults(route) == []


def test_every_door_for_the_gateway_is_used():
    assert asking_gateway.for_the_gateway("booking") == asking_gateway.asked_of("booking")


@pytest.mark.parametrize("answered", asking_gateway.answers_of("booking"), ids=str)
def test_the_gateway_reads_a_reply_in_every_way_it_may_come(answered):
    assert asking_gateway.unread(answered) == []


@pytest.mark.parametrize(
    "refusal", asking_gateway.refusals_of("booking"), ids=lambda refusal: refusal["code"]
)
def test_every_refusal_has_a_status_and_a_sentence(refusal):
    response = asking_gateway.told_of(refusal, "booking")
    assert response.json["code"] == refusal["code"]
    assert 400 <= response.status_code != 500
    assert response.json["title"] or response.json["detail"]


@pytest.mark.parametrize(
    ("documented", "published"),
    [
        (names.ACTIONS, fields.ACTIONS),
        (names.AGGREGATE_STATES, fields.AGGREGATE_STATES),
        (names.BOOKING_STATES, fields.BOOKING_STATES),
        (names.CELL_STATES, fields.CELL_STATES),
        (names.CHARGING_MODES, fields.CHARGING_MODES),
        (names.DAY_PARTS, fields.DAY_PARTS),
        (names.DECISION_MODES, fields.DECISION_MODES),
        (names.MARKS, fields.MARKS),
        (names.OUTLOOKS, fields.OUTLOOKS),
        (names.REQUEST_STATES, fields.REQUEST_STATES),
        (names.SETTLING_STATES, fields.PAYMENT_STATES),
    ],
)
def test_the_specification_lists_the_names_that_booking_publishes(documented, published):
    assert set(documented) == set(published)
