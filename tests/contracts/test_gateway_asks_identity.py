"""The gateway and identity understand each other."""

import pytest

from tests.contracts import asking_gateway


@pytest.mark.parametrize("route", asking_gateway.routes_to("identity"), ids=str)
def test_what_the_gateway_asks_passes_the_door_and_what_it_expects_comes_back(route):
    assert asking_gateway.faults(route) == []


def test_every_door_for_the_gateway_is_used():
    for_staff = {"get_settings", "put_settings", "get_appearance", "put_appearance"}  # pages to come
    assert asking_gateway.for_the_gateway("identity") - for_staff == asking_gateway.asked_of("identity")


@pytest.mark.parametrize("answered", asking_gateway.answers_of("identity"), ids=str)
def test_the_gateway_reads_a_reply_in_every_way_it_may_come(answered):
    assert asking_gateway.unread(answered) == []


@pytest.mark.parametrize(
    "refusal", asking_gateway.refusals_of("identity"), ids=lambda refusal: refusal["code"]
)
def test_every_refusal_has_a_status_and_a_sentence(refusal):
    response = asking_gateway.told_of(refusal, "identity")
    assert response.json["code"] == refusal["code"]
    assert 400 <= response.status_code != 500
    assert response.json["title"] or response.json["detail"]
