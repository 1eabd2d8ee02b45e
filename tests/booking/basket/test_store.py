"""A draft changes only as it was read, and closes only for what was shown of it."""

from datetime import timedelta

import pytest

from booking.basket.model import DraftKey, Review
from chassis.values.scope import Scope
from tests.booking.basket.test_baskets import NOW, movement
from tests.booking.memory import opened

TOWN, KEY = Scope("town"), DraftKey("account", "draft")
UNTIL = NOW + timedelta(minutes=30)
REVIEW = Review("quote", UNTIL, (), ())


@pytest.fixture
def drafts(mongo_database):
    return opened(mongo_database).drafts


@pytest.fixture
def draft(drafts):
    """One of one movement, that was shown as REVIEW."""
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


@pytest.mark.parametrize(
    ("quote_id", "at", "claimed"),
    [("quote", UNTIL - timedelta(seconds=1), True), ("quote", UNTIL, False), ("another", NOW, False)],
)
def test_a_basket_is_claimed_by_what_was_shown_while_its_prices_hold(drafts, draft, quote_id, at, claimed):
    assert (drafts.claim(TOWN, KEY, quote_id, "confirmation", at) is not None) is claimed
    assert (drafts.find(TOWN, KEY) is None) is claimed


def test_a_basket_is_given_back_by_the_confirmation_that_claimed_it_alone(drafts, draft):
    assert drafts.claim(TOWN, KEY, "quote", "confirmation", NOW)
    drafts.reopen(TOWN, KEY, "another")
    assert drafts.find(TOWN, KEY) is None
    drafts.reopen(TOWN, KEY, "confirmation")
    assert drafts.find(TOWN, KEY) is not None
