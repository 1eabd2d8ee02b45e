"""A command is tried on a copy, which is forgotten."""

from datetime import UTC, datetime

import pytest

from chassis.storage.mongo import in_transaction
from chassis.storage.trial import FORGOTTEN_AFTER_S, PREFIX, trial_of


@pytest.fixture
def lamps(mongo_database):
    towns = ("a", "a", "b", None)
    rows = [{"_id": n, "organisation_id": town} for n, town in enumerate(towns)] + [{"_id": "shared"}]
    mongo_database["lamps"].insert_many(rows)
    mongo_database["outbox"].insert_one({"_id": "told"})
    return mongo_database


def contents(database):
    return {name: list(database[name].find()) for name in sorted(database.list_collection_names())}


def test_a_copy_holds_what_is_of_the_organisation_or_of_nobody(lamps):
    with trial_of(lamps, "a") as copy:
        assert {row["_id"] for row in copy["lamps"].find()} == {0, 1, 3, "shared"}
        assert copy.outbox.count_documents({}) == 0
    with trial_of(lamps) as copy:
        assert copy.lamps.count_documents({}) == 5


def test_nothing_that_is_done_to_the_copy_is_left_anywhere(lamps):
    before = contents(lamps)
    with trial_of(lamps) as copy:
        copy["lamps"].create_index("organisation_id", name="town")
        copy["lamps"].delete_many({"organisation_id": "a"})
        copy["lamps"].database["outbox"].insert_one({"_id": "tried"})
        in_transaction(copy, lambda session: copy["other"].insert_one({"_id": 1}, session=session))
        assert copy["lamps"].count_documents({}) == 3
        assert lamps["lamps"].count_documents({}) == 5
    assert contents(lamps) == before


def test_a_copy_that_a_killed_run_left_is_forgotten_hours_later_and_never_copied(lamps):
    now = int(datetime.now(UTC).timestamp())
    left, young = (f"{PREFIX}{now - age}_ab_lamps" for age in (FORGOTTEN_AFTER_S + 60, 60))
    for name in (left, young):
        lamps[name].insert_one({"_id": "left"})
    with trial_of(lamps):
        copied = [name for name in lamps.list_collection_names() if name.startswith(PREFIX)]
        assert len(copied) == 2
        assert left not in copied
    assert [name for name in lamps.list_collection_names() if name.startswith(PREFIX)] == [young]


def test_two_trials_at_once_see_nothing_of_one_another(lamps):
    with trial_of(lamps) as one, trial_of(lamps) as other:
        one["lamps"].delete_many({})
        assert other["lamps"].count_documents({}) == 5
    assert sorted(lamps.list_collection_names()) == ["lamps", "outbox"]


def fails(database):
    with trial_of(database) as copy:
        copy["lamps"].delete_many({})
        raise LookupError("what was tried")


def test_a_copy_is_forgotten_when_what_was_tried_fails(lamps):
    before = contents(lamps)
    with pytest.raises(LookupError):
        fails(lamps)
    assert contents(lamps) == before
