"""A draft changes only as it was read; one that the release before made is moved to where it belongs."""

from datetime import timedelta

import pytest

from booking.basket.model import DraftKey, Review
from booking.basket.store import MAPPER
from chassis.values.scope import Scope
from tests.booking.basket.test_baskets import NOW, movement
from tests.booking.memory import opened

TOWN, KEY = Scope("town", "roy"), DraftKey("account", "draft")
REVIEW = Review("quote", NOW + timedelta(minutes=30), (), ())
EARLIER = {
    "_id": KEY.id,
    "organisation_id": "town",
    "account_id": "account",
    "open": True,
    "version": 4,
    "movements": [MAPPER.to_document(movement())],
    "updated_at": NOW,
    "review": None,
}


@pytest.fixture
def drafts(mongo_database):
    return opened(mongo_database).drafts


@pytest.fixture(params=["made here", "made by the release before"])
def draft(drafts, request, mongo_database):
    """One of one movement, that was shown as REVIEW."""
    if request.param != "made here":
        mongo_database.drafts.insert_one(EARLIER)
    kept = drafts.keep_movements(TOWN, drafts.open(TOWN, KEY, NOW), [movement()], NOW)
    assert drafts.keep_review(TOWN, kept, REVIEW)
    return kept


def test_of_two_changes_of_one_draft_the_second_is_told_that_it_changed(drafts, draft):
    assert drafts.keep_movements(TOWN, draft, [], NOW).movements == ()
    assert drafts.keep_movements(TOWN, draft, [movement()], NOW) is None
    assert drafts.find(TOWN, KEY).movements == ()


def test_a_review_of_a_draft_that_changed_since_is_not_kept(drafts, draft):
    drafts.keep_movements(TOWN, draft, [], NOW)
    assert not drafts.keep_review(TOWN, draft, REVIEW)
    assert drafts.find(TOWN, KEY).review is None


def test_an_open_basket_is_found_again_and_an_abandoned_one_is_not(drafts, draft):
    assert drafts.open(TOWN, DraftKey("account", "fresh"), NOW).id == draft.id
    assert drafts.close(TOWN, KEY, NOW)
    assert not drafts.close(TOWN, KEY, NOW)
    assert drafts.find(TOWN, KEY) is None
    assert drafts.open(TOWN, DraftKey("account", "fresh"), NOW).id == "fresh"


def test_a_basket_of_the_release_before_is_moved_whole_and_once(drafts, mongo_database):
    mongo_database.drafts.insert_one(EARLIER)
    assert drafts.find(TOWN, DraftKey("somebody else", KEY.id)) is None
    moved = drafts.find(TOWN, KEY)
    assert (moved.movements, moved.family_id) == ((movement(),), "roy")
    assert drafts.find(TOWN, KEY) == drafts.open(TOWN, DraftKey("account", "fresh"), NOW) == moved
    assert mongo_database.drafts.count_documents({}) == 0


def test_a_basket_of_the_release_before_gives_way_to_the_one_that_is_open_here(drafts, mongo_database):
    opened = drafts.open(TOWN, DraftKey("account", "opened here"), NOW)
    mongo_database.drafts.insert_one(EARLIER)
    assert drafts.find(TOWN, KEY) is None
    assert drafts.open(TOWN, KEY, NOW) == opened
    assert mongo_database.drafts.count_documents({"open": True}) == 1


def test_a_basket_that_the_release_before_confirmed_is_not_open(drafts, mongo_database):
    mongo_database.drafts.insert_one({**EARLIER, "open": False, "confirmation_id": "confirmation"})
    assert drafts.find(TOWN, KEY) is None


def test_two_families_of_one_account_have_a_basket_each(drafts):
    mine, theirs = drafts.open(TOWN, KEY, NOW), DraftKey("account", "theirs")
    assert drafts.open(Scope("town", "martin"), theirs, NOW).id == "theirs"
    assert drafts.find(Scope("town", "martin"), KEY) is None
    assert drafts.open(TOWN, theirs, NOW) == mine


def test_a_basket_begun_before_two_files_were_merged_is_found_under_the_file_that_is_left(drafts):
    begun = drafts.open(TOWN, KEY, NOW)
    merged = Scope("town", "martin", merged_family_ids=("roy",))
    assert drafts.open(merged, DraftKey("account", "fresh"), NOW) == begun
    assert drafts.keep_movements(merged, begun, [movement()], NOW).family_id == "roy"
