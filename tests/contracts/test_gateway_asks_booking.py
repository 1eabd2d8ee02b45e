"""The gateway and booking understand each other."""

import pytest

from booking.confirmations.model import RequestState
from booking.planning.contract import OUTLOOKS
from booking.planning.model import AggregateState, CellState, Mark
from booking.vocabulary import Action, BookingState, ChargingMode, DayPart, DecisionMode, SettlementState
from gateway.api import names
from tests.contracts import asking_gateway


@pytest.mark.parametrize("route", asking_gateway.routes_to("booking"), ids=str)
def test_what_the_gateway_asks_passes_the_door_and_what_it_expects_comes_back(route):
    assert asking_gateway.faults(route) == []


def test_every_door_for_the_gateway_is_used():
    for_staff = {
        "get_settings",
        "put_settings",
        "close_days",
        "open_days",
        "list_closings",
    }  # whose pages are still to come
    assert asking_gateway.for_the_gateway("booking") - for_staff == asking_gateway.asked_of("booking")


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
        (names.ACTIONS, Action),
        (names.AGGREGATE_STATES, AggregateState),
        (names.BOOKING_STATES, BookingState),
        (names.CELL_STATES, CellState),
        (names.CHARGING_MODES, ChargingMode),
        (names.DAY_PARTS, DayPart),
        (names.DECISION_MODES, DecisionMode),
        (names.MARKS, Mark),
        (names.OUTLOOKS, OUTLOOKS),
        (names.REQUEST_STATES, RequestState),
        (names.SETTLING_STATES, SettlementState),
    ],
)
def test_the_specification_lists_the_names_that_booking_publishes(documented, published):
    assert set(documented) == set(published)
