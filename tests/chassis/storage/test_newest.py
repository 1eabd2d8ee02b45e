"""Words about one thing may be heard in any order, twice, and several at the same instant."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from pymongo.errors import DuplicateKeyError

from chassis.storage.mongo import keep_newest

TIMES, CONTROL_TIMES_MAX = 200, 5_000


def told(collection, thing, sequence, part=""):
    keep_newest(collection, {"_id": thing}, {"said": f"word {sequence}"}, sequence, part=part)


def told_by_one_upsert(collection, thing, sequence, part=""):
    """The control: a collision is taken to mean that a later word is there."""
    place = f"{part}." if part else ""
    try:
        collection.update_one(
            {"_id": thing, f"{place}sequence": {"$not": {"$gte": sequence}}},
            {"$set": {f"{place}said": f"word {sequence}", f"{place}sequence": sequence}},
            upsert=True,
        )
    except DuplicateKeyError:
        return


@pytest.fixture
def two():
    with ThreadPoolExecutor(2) as pool:
        yield pool


def parts_lost(two, collection, keep, times):
    """Two words about parts of a new thing, at the same instant: how many parts it lacks, each time."""
    for thing in range(times):
        list(two.map(lambda part, thing=thing: keep(collection, thing, 1, part), ("parts.cap", "parts.foot")))
        yield 2 - len(collection.find_one({"_id": thing})["parts"])


def last_words_lost(two, collection, keep, times):
    """Two words about a new thing, at the same instant: whether the later one is missing, each time."""
    for thing in range(times):
        list(two.map(lambda sequence, thing=thing: keep(collection, thing, sequence), (1, 2)))
        yield 2 - collection.find_one({"_id": thing})["sequence"]


@pytest.mark.parametrize("lost", [parts_lost, last_words_lost])
def test_no_word_is_lost_when_two_make_the_document(mongo_database, two, lost):
    assert sum(lost(two, mongo_database.things, told, TIMES)) == 0


@pytest.mark.parametrize("lost", [parts_lost, last_words_lost])
def test_words_are_lost_by_who_takes_every_collision_for_a_later_word(mongo_database, two, lost):
    assert any(lost(two, mongo_database.things, told_by_one_upsert, CONTROL_TIMES_MAX))


def test_the_latest_word_stays_in_whatever_order_they_come(mongo_database):
    things = mongo_database.things
    for thing, order in enumerate(itertools.product(range(4), repeat=3)):
        for sequence in order:
            told(things, thing, sequence)
        latest = max(order)
        assert things.find_one({"_id": thing}) == {
            "_id": thing, "said": f"word {latest}", "sequence": latest
        }, order  # fmt: skip


def test_of_two_words_with_the_same_number_the_first_stays(mongo_database):
    """They are one word that is told again, or else nobody can say which is the later one."""
    for said in ("first", "second"):
        keep_newest(mongo_database.things, {"_id": "lamp"}, {"said": said}, 1)
    assert mongo_database.things.find_one()["said"] == "first"


def test_a_word_about_one_part_leaves_the_others_alone(mongo_database):
    told(mongo_database.things, "lamp", 7)
    told(mongo_database.things, "lamp", 2, "parts.shade")
    told(mongo_database.things, "lamp", 1, "parts.shade")
    assert mongo_database.things.find_one() == {
        "_id": "lamp", "said": "word 7", "sequence": 7,
        "parts": {"shade": {"said": "word 2", "sequence": 2}},
    }  # fmt: skip
