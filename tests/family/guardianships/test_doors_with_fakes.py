"""What a family reads of its file, decided in milliseconds: stores in memory."""

from datetime import date

import pytest

from chassis.testing import person
from chassis.testing.doors import call, tools
from chassis.values.errors import Refused
from family.children import doors as children
from family.children.contract import Nothing
from family.children.model import Child
from family.children.store import ChildStore
from family.enrolments import doors as enrolments
from family.enrolments.model import Enrolment, EnrolmentState
from family.enrolments.store import EnrolmentStore
from family.files.model import Family
from family.files.store import FileStore
from family.guardianships import doors
from family.people.model import Guardian
from family.people.store import PeopleStore

ROY = Family("f1", "o", "F1", "Roy", "fr", ("12 rue des Tilleuls",))
ANA = Guardian("g1", "o", "G1", "f1", "Ana", "Roy", "ana@example.org")
LEO = Child("c1", "o", "C1", ("f1", "f2"), "Léo", "Roy", date(2017, 5, 2))
MEALS = Enrolment("e1", "o", "c1", "a1", "2026-2027", EnrolmentState.ACCEPTED)


class InMemory:
    """All stores of the family service at once: each holds what it is given, for one family."""

    def __init__(self, family=ROY):
        self.kept = family

    def family(self, scope):
        return self.kept if scope.family_id == "f1" else None

    def guardians(self, scope):
        return [ANA]

    def children(self, scope):
        return [LEO] if scope.family_id == "f1" else []

    def enrolments(self, scope):
        return [MEALS] if scope.family_id == "f1" else []


def asked_by(family_id):
    stores = dict.fromkeys((FileStore, PeopleStore, ChildStore, EnrolmentStore), InMemory())
    return call(tools("family", stores=stores), person(organisation_id="o", family_id=family_id))


def test_a_family_reads_its_file_with_its_people_and_its_children():
    found = doors.get_family(asked_by("f1"), Nothing())["family"]
    assert (found["reference"], found["guardians"][0]["email"]) == ("F1", "ana@example.org")
    assert [(child["first_name"], child["shared"]) for child in found["children"]] == [("Léo", True)]


def test_who_belongs_to_no_file_that_stands_finds_none():
    with pytest.raises(Refused) as refused:
        doors.get_family(asked_by("f9"), Nothing())
    assert refused.value.code == "not_found"


def test_a_family_lists_its_children_and_their_enrolments_and_another_does_not():
    assert [each["id"] for each in children.list_children(asked_by("f1"), Nothing())["data"]] == ["c1"]
    assert [each["state"] for each in enrolments.list_enrolments(asked_by("f1"), Nothing())["data"]] == [
        "accepted"
    ]
    assert children.list_children(asked_by(None), Nothing()) == {"data": []}
