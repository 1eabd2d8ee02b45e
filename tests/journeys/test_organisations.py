"""Two organisations on one installation: who belongs to both switches; nothing of one shows in the other."""

from datetime import UTC, datetime

import pytest

from chassis.testing.waiting import eventually
from deploy.demo import valmont
from tests.journeys.people import Person, Refused

IN_BOTH = valmont.TOWN.newcomers


@pytest.fixture
def both(stack):
    return Person.logged_in(stack.gateway_url, IN_BOTH[0].email)


@pytest.fixture
def of_valmont(stack):
    other = next(
        f for f in valmont.TOWN.families(datetime.now(UTC).date()) if f.children and f.reference > "F0005"
    )
    return Person.logged_in(stack.gateway_url, other.guardians[0].email)


def names(person):
    return {each["name"] for each in person.get("/activities")["data"]}


def test_who_belongs_to_two_organisations_consults_one_and_switches_to_the_other(both):
    here = both.session()["organisation"]["slug"]
    memberships = {each["slug"]: each["organisation_id"] for each in both.session()["memberships"]}
    assert set(memberships) == {"carteville", "valmont"}
    there = ({"carteville", "valmont"} - {here}).pop()

    before = names(both)
    both.switch(memberships[there])
    assert both.session()["organisation"]["slug"] == there
    assert names(both).isdisjoint(before)
    both.switch(memberships[here])
    assert names(both) == before


def test_nobody_switches_to_an_organisation_they_do_not_belong_to(family, of_valmont):
    elsewhere = of_valmont.session()["organisation"]["id"]
    with pytest.raises(Refused) as refused:
        family.switch(elsewhere)
    assert refused.value.status in {403, 404}


def test_what_belongs_to_another_organisation_does_not_exist(family, of_valmont):
    [child, *_] = of_valmont.children()
    activity = of_valmont.activity("Ludothèque")
    day = of_valmont.days(child, activity)[-1]["day"]
    confirmation = of_valmont.book(of_valmont.movement(child, activity, day))
    [line], [request] = confirmation["lines"], confirmation["requests"]
    draft = of_valmont.post("/drafts", {})["draft"]
    foreign = [
        ("GET", f"/confirmations/{confirmation['id']}"),
        ("GET", f"/requests/{request['id']}"),
        ("GET", f"/drafts/{draft['id']}"),
        ("GET", f"/drafts/{draft['id']}/review"),
        ("DELETE", f"/drafts/{draft['id']}"),
        ("GET", f"/calendar?child={child['id']}&activity={activity['id']}&from={day}&to={day}"),
        ("GET", f"/days/{day}?child={child['id']}"),
    ]
    for method, path in foreign:
        assert family.ask(method, path).status_code == 404, (method, path)
    with pytest.raises(Refused) as refused:
        family.cancel(line["booking_id"])
    assert refused.value.status == 404
    eventually(lambda: of_valmont.state(line["booking_id"]) == "accepted")
