"""Confirmations in the database: answered once, worked on by one at a time, settled for good."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.confirmations.model import ConfirmationState
from booking.seats.model import Answer
from booking.vocabulary import SettlementAnswer, SettlementState, Verdict
from chassis.values.scope import Scope
from tests.booking.basket.test_baskets import NOW, confirmation, line
from tests.booking.memory import opened

ROY, LATER = Scope("town", "roy"), NOW + timedelta(minutes=1)


@pytest.fixture
def confirmations(mongo_database):
    return opened(mongo_database).confirmations


@pytest.fixture
def asked(confirmations):
    """An open confirmation whose lease ends now."""
    made = replace(confirmation(line()), family_id="roy", state=ConfirmationState.OPEN, lease_until=NOW)
    assert confirmations.insert(ROY, made)
    return made


def answered(asked, state):
    money = SettlementAnswer(state)
    lines = tuple(replace(each, answer=Answer(Verdict.ACCEPTED)) for each in asked.lines)
    ended = {"state": ConfirmationState.ANSWERED, "answered_at": NOW}
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
