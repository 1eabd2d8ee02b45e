"""What the family service remembers, for whom, and by which index."""

import inspect
from datetime import UTC, datetime
from operator import attrgetter

import pytest

from chassis.testing import person, plans
from chassis.values.context import Context
from family.children.store import ChildStore
from family.enrolments.store import EnrolmentStore
from family.files.store import FileStore
from family.people.store import PeopleStore
from family.vocabulary import Occasion
from tests.family.conftest import FILES, TOWN, an_id, of_family

OCCASION = Occasion(TOWN, datetime(2026, 11, 21, tzinfo=UTC), "request")
STORES = {"files": FileStore, "people": PeopleStore, "children": ChildStore, "enrolments": EnrolmentStore}
ASKED = ["files.family", "people.guardians", "children.children", "enrolments.enrolments"]
TELLING = [
    "people.tell_families_again",
    "children.tell_children_again",
    "enrolments.tell_enrolments_again",
]
OPERATORS = {
    *(f"{noun}.ensure_indexes" for noun in STORES),
    "people.keep_families",
    "children.keep_children",
    "enrolments.keep_enrolments",
    *TELLING,
}


def test_a_family_finds_its_own_and_what_it_shares(store):
    context = of_family("F1")
    assert store.files.family(context).name == "Roy"
    assert [guardian.reference for guardian in store.people.guardians(context)] == ["G1", "G2"]
    assert [child.reference for child in store.children.children(context)] == ["C2", "C1"]
    assert len(store.enrolments.enrolments(context)) == 2


@pytest.mark.parametrize("method", ASKED)
@pytest.mark.parametrize(
    "stranger",
    [
        person(family_id=an_id("family", "F1")),
        of_family("F9"),
        Context(kind="anonymous", issuer="gateway"),
    ],
    ids=["another organisation", "another family", "nobody"],
)
def test_another_context_sees_nothing(store, method, stranger):
    assert not attrgetter(method)(store)(stranger)


def test_another_organisation_knows_no_id(store):
    ids = [an_id("family", "F1")]
    assert store.files.known_ids("elsewhere", ids) == store.children.known_ids("elsewhere", ids) == set()


def test_no_method_of_the_stores_is_left_out_of_these_tests():
    methods = {
        f"{noun}.{name}"
        for noun, kind in STORES.items()
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == {*ASKED, *OPERATORS, "files.known_ids", "children.known_ids"}


def test_every_query_uses_an_index(store, import_files):
    with plans.recorded(store.database) as found:
        import_files(**{name: content.replace("Roy", "Roi") for name, content in FILES.items()})
        for method in ASKED:
            attrgetter(method)(store)(of_family("F1"))
        for method in TELLING:
            attrgetter(method)(store)(OCCASION, lambda *_: {})
    assert len(found) > 20
    assert [plan for plan in found if "COLLSCAN" in plan[1]] == []


def test_a_person_without_a_family_sees_nothing(store):
    staff = Context(kind="person", issuer="gateway", organisation_id=of_family("F1").organisation_id)
    assert [attrgetter(method)(store)(staff) for method in ASKED] == [None, [], [], []]
