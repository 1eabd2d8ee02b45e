"""What the family service remembers, for whom, and by which index."""

import inspect
from datetime import UTC, datetime

import pytest

from chassis.testing import person, plans
from chassis.values.context import Context
from family.files.store import Occasion, Store
from tests.family.conftest import FILES, TOWN, an_id, of_family

OCCASION = Occasion(TOWN, datetime(2026, 11, 21, tzinfo=UTC), "request")
ASKED = ["family", "guardians", "children", "enrolments"]
TELLING = ["tell_families_again", "tell_children_again", "tell_enrolments_again"]
OPERATORS = {"ensure_indexes", "keep_families", "keep_children", "keep_enrolments", *TELLING}


def test_a_family_finds_its_own_and_what_it_shares(store):
    context = of_family("F1")
    assert store.family(context).name == "Roy"
    assert [guardian.reference for guardian in store.guardians(context)] == ["G1", "G2"]
    assert [child.reference for child in store.children(context)] == ["C2", "C1"]
    assert len(store.enrolments(context)) == 2


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
    assert not getattr(store, method)(stranger)


def test_another_organisation_knows_no_id(store):
    ids = [an_id("family", "F1")]
    assert store.known_ids("elsewhere", "families", ids) == set()


def test_no_method_of_the_store_is_left_out_of_these_tests():
    methods = {name for name, _ in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")}
    assert methods == {*ASKED, *OPERATORS, "known_ids"}


def test_every_query_uses_an_index(store, import_files):
    with plans.recorded(store.database) as found:
        import_files(**{name: content.replace("Roy", "Roi") for name, content in FILES.items()})
        for method in ASKED:
            getattr(store, method)(of_family("F1"))
        for method in TELLING:
            getattr(store, method)(OCCASION, lambda *_: {})
    assert len(found) > 20
    assert [plan for plan in found if "COLLSCAN" in plan[1]] == []


def test_a_person_without_a_family_sees_nothing(store):
    staff = Context(kind="person", issuer="gateway", organisation_id=of_family("F1").organisation_id)
    assert [getattr(store, method)(staff) for method in ASKED] == [None, [], [], []]
