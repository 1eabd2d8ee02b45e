"""Files with their people, in the database."""

from datetime import UTC, datetime

import pytest

from chassis.values.actor import Actor
from chassis.values.scope import Scope
from family.files.store.keeping import Stamp
from family.people.store import PeopleStore

STAMP = Stamp(datetime(2026, 11, 16, 8, tzinfo=UTC), Actor("service"), "request")


@pytest.mark.parametrize("into_id", ["another", None])
def test_nobody_merges_the_files_of_another_organisation(mongo_database, into_id):
    file = {"_id": "file", "organisation_id": "carteville", "sequence": 3}
    mongo_database.families.insert_one(file)
    PeopleStore(mongo_database).merge(Scope("valmont"), STAMP, "file", into_id, lambda *_: {})
    assert list(mongo_database.families.find()) == [file]
