"""Confirmations in the database: answered once, worked on by one at a time, settled for good."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.basket.model import BasketState, Draft, DraftKey, Review
from booking.basket.store import MAPPER as DRAFTS
from booking.seats.model import Answer
from booking.vocabulary import SettlementAnswer, SettlementState, Verdict
from chassis.values.scope import Scope
from tests.booking.basket.test_baskets import NOW, confirmation, line, movement
from tests.booking.memory import opened

ROY, LATER = Scope("town", "roy"), NOW + timedelta(minutes=1)


@pytest.fixture
def confirmations(mongo_database):
    return opened(mongo_database).confirmations


@pytest.fixture
def asked(confirmations):
    """An open confirmation whose lease ends now."""
    made = replace(confirmation(line()), family_id="roy", state=BasketState.CONFIRMING, lease_until=NOW)
    assert confirmations.begin(ROY, made)
    return made


def answered(asked, state):
    money = SettlementAnswer(state)
    lines = tuple(replace(each, answer=Answer(Verdict.ACCEPTED)) for each in asked.lines)
    ended = {"state": BasketState.ANSWERED, "answered_at": NOW}
    return replace(asked, lines=lines, payment=money, money=money, **ended)


def test_of_two_answers_the_first_is_kept_and_told(confirmations, asked, mongo_database):
    told = {"id": "told-1", "name": "confirmation_answered"}
    first, second = (answered(asked, state) for state in (SettlementState.DUE, SettlementState.NONE))
    assert confirmations.answer(ROY, first, [told], None)
    assert not confirmations.answer(ROY, second, [told | {"id": "told-2"}], LATER)
    assert confirmations.find(ROY, asked.id).payment == first.payment
    assert [event["id"] for event in mongo_database.confirmations.find_one()["events"]] == ["told-1"]


def test_what_was_settled_stays_settled_whatever_is_heard_later(confirmations, asked):
    assert confirmations.answer(ROY, answered(asked, SettlementState.SETTLED), [], None)
    confirmations.keep_money(ROY, asked.id, SettlementAnswer(SettlementState.PENDING), LATER)
    assert confirmations.find(ROY, asked.id).money.state is SettlementState.SETTLED
    assert confirmations.unsettled(LATER, 10) == []


def test_a_confirmation_that_somebody_else_has_taken_over_is_not_given_back(confirmations, asked):
    taken = confirmations.take_over(ROY, asked.id, NOW, LATER)
    confirmations.give_back(ROY, asked, NOW)
    assert confirmations.take_over(ROY, asked.id, NOW, LATER) is None
    confirmations.give_back(ROY, taken, NOW)
    assert confirmations.take_over(ROY, asked.id, NOW, LATER) is not None


KEY = DraftKey("a", "basket")
REVIEW = Review("quote", LATER, (line(),), ())
BASKET = Draft("basket", "town", "a", 3, (movement(),), NOW, REVIEW, family_id="roy")


@pytest.fixture
def basket(confirmations, mongo_database):
    """A reviewed basket that lies where its confirmation will."""
    mongo_database.confirmations.insert_one({**DRAFTS.to_document(BASKET), "state": "draft"})
    return BASKET


def confirming(basket, key="key", **changes):
    asked = replace(confirmation(*basket.review.lines), id=basket.id, family_id="roy", key=key)
    return replace(asked, draft_id=basket.id, quote_id="quote", lease_until=NOW, **changes)


def test_a_basket_becomes_its_confirmation_once(confirmations, basket):
    asked = confirming(basket)
    assert confirmations.asked(ROY, "key", KEY) == basket
    assert confirmations.begin(ROY, asked, basket)
    assert not confirmations.begin(ROY, asked, basket)
    assert confirmations.asked(ROY, "key", KEY) == confirmations.asked_as(ROY, "key") == asked
    assert confirmations.asked(ROY, "another key", KEY) is None
    assert confirmations.answer(ROY, answered(asked, SettlementState.DUE), [], None)
    assert not confirmations.begin(ROY, asked, basket)


@pytest.mark.parametrize(
    ("changed", "begun"),
    [
        ({}, True),
        ({"quote_id": "another"}, False),
        ({"asked_at": LATER - timedelta(seconds=1)}, True),
        ({"asked_at": LATER}, False),
    ],
)
def test_a_basket_is_confirmed_by_what_was_shown_while_its_prices_hold(confirmations, basket, changed, begun):
    assert confirmations.begin(ROY, replace(confirming(basket), **changed), basket) is begun
    assert (confirmations.find(ROY, basket.id) is not None) is begun


def test_a_basket_that_changed_since_it_was_read_is_not_confirmed(confirmations, basket, mongo_database):
    mongo_database.confirmations.update_one({"_id": basket.id}, {"$inc": {"version": 1}})
    assert not confirmations.begin(ROY, confirming(basket), basket)


def test_a_basket_whose_child_has_a_confirmation_open_stays_a_basket(confirmations, basket, asked):
    assert not confirmations.begin(ROY, confirming(basket), basket)
    assert confirmations.asked(ROY, "key", KEY) == basket


def test_a_key_confirms_one_basket(confirmations, basket, mongo_database):
    assert confirmations.begin(ROY, confirming(basket), basket)
    assert confirmations.answer(ROY, answered(confirming(basket), SettlementState.NONE), [], None)
    other = replace(basket, id="other")
    mongo_database.confirmations.insert_one({**DRAFTS.to_document(other), "state": "draft"})
    assert not confirmations.begin(ROY, confirming(other), other)
    assert confirmations.begin(ROY, confirming(other, "another key"), other)


def test_a_basket_is_no_confirmation_yet(confirmations, basket):
    assert confirmations.find(ROY, basket.id) is None
    assert confirmations.resume(ROY, basket.id) is None
    assert confirmations.page(ROY, None, 10) == []
    assert confirmations.asked(Scope("town", "martin"), "key", KEY) is None
