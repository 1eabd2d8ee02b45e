"""A draft changes only as it was read, and closes only for what was shown of it."""

from datetime import timedelta

import pytest

from booking.basket.model import DraftKey, Review
from chassis.values.scope import Scope
from tests.booking.basket.test_baskets import NOW, movement
from tests.booking.memory import opened

TOWN, KEY = Scope("town", "roy"), DraftKey("account", "draft")
UNTIL = NOW + timedelta(minutes=30)
REVIEW = Review("quote", UNTIL, (), ())


@pytest.fixture
def drafts(mongo_database):
    return opened(mongo_database).drafts


@pytest.fixture(params=["where it always lay", "where its confirmation will"])
def draft(drafts, request, mongo_database):
    """One of one movement, that was shown as REVIEW."""
    opened = drafts.open(TOWN, KEY, NOW)
    if request.param == "where its confirmation will":
        moved(mongo_database)
    kept = drafts.keep_movements(TOWN, opened, [movement()], NOW)
    assert drafts.keep_review(TOWN, kept, REVIEW)
    return kept


def moved(database):
    """Lay a basket where the next release makes it."""
    row = database.drafts.find_one_and_delete({"_id": KEY.id, "open": True})
    del row["open"]
    database.confirmations.insert_one({**row, "family_id": "roy", "state": "draft"})


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


@pytest.fixture
def claimable(drafts):
    """A basket of `drafts`, shown as REVIEW."""
    kept = drafts.keep_movements(TOWN, drafts.open(TOWN, KEY, NOW), [movement()], NOW)
    assert drafts.keep_review(TOWN, kept, REVIEW)


@pytest.mark.parametrize(
    ("quote_id", "at", "claimed"),
    [("quote", UNTIL - timedelta(seconds=1), True), ("quote", UNTIL, False), ("another", NOW, False)],
)
@pytest.mark.usefixtures("claimable")
def test_a_basket_is_claimed_by_what_was_shown_while_its_prices_hold(drafts, quote_id, at, claimed):
    assert (drafts.claim(TOWN, KEY, quote_id, "confirmation", at) is not None) is claimed
    assert (drafts.find(TOWN, KEY) is None) is claimed


@pytest.mark.usefixtures("claimable")
def test_a_basket_is_given_back_by_the_confirmation_that_claimed_it_alone(drafts):
    assert drafts.claim(TOWN, KEY, "quote", "confirmation", NOW)
    drafts.reopen(TOWN, KEY, "another")
    assert drafts.find(TOWN, KEY) is None
    drafts.reopen(TOWN, KEY, "confirmation")
    assert drafts.find(TOWN, KEY) is not None
