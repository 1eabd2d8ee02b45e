"""What the family service remembers, for whom, and by which index."""

import inspect
from datetime import UTC, datetime
from operator import attrgetter

import pytest

from chassis.testing import plans
from chassis.values.actor import Actor
from chassis.values.scope import Scope
from family.children.store import ChildStore
from family.enrolments.store import EnrolmentStore
from family.files.store import FileStore
from family.files.store.keeping import Stamp
from family.guardianships.store import GuardianshipStore
from family.people.store import PeopleStore
from tests.family.conftest import FILES, TOWN, an_id

STAMP = Stamp(datetime(2026, 11, 21, tzinfo=UTC), Actor("operator"), "request")
STORES = {
    "files": FileStore,
    "people": PeopleStore,
    "children": ChildStore,
    "guardianships": GuardianshipStore,
    "enrolments": EnrolmentStore,
}
ASKED = ["files.family", "files.names", "people.guardians", "children.children", "enrolments.enrolments"]
TELLING = ["people.republish", "children.republish", "enrolments.republish"]
OPERATORS = {
    *(f"{noun}.ensure_indexes" for noun in STORES),
    *(f"{noun}.known_ids" for noun in ("files", "people", "children")),
    "files.aliases",
    "files.organisation_ids",
    "people.keep_families",
    "people.merge",
    "children.as_told",
    "children.ids",
    "children.keep_children",
    "guardianships.of_children",
    "guardianships.in_files",
    "guardianships.state",
    "guardianships.follow",
    "guardianships.follow_files",
    "enrolments.keep_enrolments",
    *TELLING,
}
ROY = Scope(TOWN, an_id("family", "F1"))


def test_a_family_finds_its_own_and_what_it_shares(store):
    assert store.files.family(ROY).name == "Roy"
    assert [guardian.reference for guardian in store.people.guardians(ROY)] == ["G1", "G2"]
    assert [child.reference for child in store.children.children(ROY)] == ["C2", "C1"]
    assert len(store.enrolments.enrolments(ROY)) == 2


@pytest.mark.parametrize("method", ASKED)
@pytest.mark.parametrize(
    "stranger",
    [
        Scope("elsewhere", an_id("family", "F1")),
        Scope(TOWN, an_id("family", "F9")),
        Scope(TOWN),
    ],
    ids=["another organisation", "another family", "no family"],
)
def test_another_context_sees_nothing(store, method, stranger):
    found = attrgetter(method)(store)(stranger)
    assert not found or found == (stranger.family_id,)


def test_another_organisation_knows_no_id(store):
    ids, elsewhere = (
        {an_id("family", "F1"), an_id("guardian", "G1"), an_id("child", "C1")},
        Scope("elsewhere"),
    )
    assert not any(kind.known_ids(elsewhere, ids) for kind in (store.files, store.people, store.children))
    assert store.guardianships.of_children(elsewhere, list(ids)) == []
    assert store.guardianships.follow(elsewhere, list(ids)) == 0


def test_no_method_of_the_stores_is_left_out_of_these_tests():
    methods = {
        f"{noun}.{name}"
        for noun, kind in STORES.items()
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == {*ASKED, *OPERATORS}


def test_every_query_uses_an_index(store, import_files):
    with plans.recorded(store.database) as found:
        import_files(**{name: content.replace("Roy", "Roi") for name, content in FILES.items()})
        for method in ASKED:
            attrgetter(method)(store)(ROY)
        for method in TELLING:
            attrgetter(method)(store)(ROY, STAMP, lambda *_: {})
    assert len(found) > 20
    assert [plan for plan in found if "COLLSCAN" in plan[1]] == []
