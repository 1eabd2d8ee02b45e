"""The doors of the family service, on the real broker and database."""

import pytest

from chassis.testing import eventually, person
from chassis.values.context import Context
from chassis.values.errors import Refused
from tests.family.conftest import TOWN, an_id, of_family


def refusal(ask, *call):
    with pytest.raises(Refused) as refused:
        ask(*call)
    return refused.value.code


def test_a_family_reads_its_file(family):
    found = family.ask("get_family", of_family("F1"))["family"]
    assert found["id"] == an_id("family", "F1")
    assert found["address_lines"] == ["12 rue des Tilleuls", "99150 Carteville"]
    assert found["phones"] == ["05 00 00 00 01"]
    assert [guardian["email"] for guardian in found["guardians"]] == ["ana@example.org", "bo@example.org"]
    assert [(child["first_name"], child["shared"]) for child in found["children"]] == [
        ("Léo", True),
        ("Zoé", False),
    ]


def test_both_families_see_the_child_that_they_share(family):
    of_one, of_other = (family.ask("list_children", of_family(each))["data"] for each in ("F1", "F2"))
    shared = [child["id"] for child in of_one if child in of_other]
    assert shared == [an_id("child", "C2")]


def test_a_family_lists_the_enrolments_of_its_children(family):
    data = family.ask("list_enrolments", of_family("F1"))["data"]
    assert {(each["child_id"], each["state"]) for each in data} == {
        (an_id("child", "C1"), "accepted"),
        (an_id("child", "C2"), "requested"),
    }


@pytest.mark.parametrize(
    "context",
    [of_family("F9"), person(family_id=an_id("family", "F1")), person(organisation_id=TOWN)],
    ids=["unknown family", "another organisation", "no family"],
)
def test_who_does_not_belong_to_a_family_is_told_nothing(family, context):
    assert refusal(family.ask, "get_family", context) == "not_found"
    assert family.ask("list_children", context) == {"data": []}
    assert family.ask("list_enrolments", context) == {"data": []}


@pytest.mark.parametrize("method", ["get_family", "list_children", "list_enrolments"])
def test_the_family_comes_from_the_context_and_from_nowhere_else(family, method):
    request = {"family_id": an_id("family", "F2")}
    assert refusal(family.ask, method, of_family("F1"), request) == "malformed"
    assert refusal(family.ask, method, Context(kind="anonymous", issuer="gateway")) == "forbidden"


def test_what_an_import_changed_is_told_by_the_running_service(family):
    rows = family.store.database.outbox
    assert eventually(lambda: rows.count_documents({"pending": {"$exists": False}}) == 8)
