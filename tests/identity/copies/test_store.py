"""What identity remembers of families."""

import pytest

from chassis.testing import plans
from chassis.values.scope import Scope
from identity.copies.model import Family
from identity.copies.store import FamilyStore

ROY, MARTIN = Scope("town", "f1"), Scope("town", "f2")


@pytest.fixture
def store(mongo_database):
    FamilyStore.ensure_indexes(mongo_database)
    return FamilyStore(mongo_database)


def keep(store, family_id, name, sequence, merged_into=None):
    store.keep_family(Scope("town"), Family(family_id, "town", name, merged_into), sequence)


def test_an_older_event_changes_nothing(store):
    keep(store, "f1", "Roy", 2)
    keep(store, "f1", "Roi", 1)
    assert store.family_names(["f1", "f2"]) == {"f1": "Roy"}
    assert store.family_names([]) == {}


def test_a_merge_is_known_by_either_id_and_undone_is_forgotten(store, mongo_database):
    keep(store, "f1", "Roy", 1)
    keep(store, "f2", "Roy", 2, merged_into="f1")
    assert (store.also_called(ROY), store.also_called(MARTIN)) == (("f2",), ("f1",))
    assert store.also_called(Scope("town")) == store.also_called(Scope("elsewhere", "f1")) == ()
    keep(store, "f2", "Roy", 3)
    assert FamilyStore(mongo_database).also_called(ROY) == ()


def test_every_query_has_its_index(store, mongo_database):
    with plans.recorded(mongo_database) as found:
        keep(store, "f1", "Roy", 1)
        store.family_names(["f1"])
        store.also_called(ROY)
    assert found
    assert [plan for plan in found if "COLLSCAN" in plan[1]] == []
