"""When a mail is tried again, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.outgoing.model import DeliveryState, MessageState
from notify.outgoing.rules import (
    ANY_MAIL,
    AWAY_RETRY_S,
    FOR_GOOD,
    GIVEN_UP_AFTER,
    RETRY_MAX_S,
    back_off,
    delivery_state,
    excerpt,
    refused,
    sent,
    would_refuse_any,
)
from notify.vocabulary import RefusalReason
from tests.notify.conftest import a_message

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
OF_THIS_MAIL = sorted(set(RefusalReason) - FOR_GOOD - ANY_MAIL)
SOON = timedelta(seconds=AWAY_RETRY_S)


def in_hand(**fields):
    """A message that a postman took out for the first time."""
    return a_message(**{"attempts": 1, "in_hand_until": NOW + timedelta(seconds=20), **fields})


@given(st.integers(1, 10_000))
def test_every_wait_is_longer_than_the_one_before_up_to_an_hour(attempts):
    assert timedelta(0) < back_off(attempts) <= back_off(attempts + 1) <= timedelta(seconds=RETRY_MAX_S)


def test_the_first_waits_are_short_and_double():
    assert [back_off(attempts).total_seconds() for attempts in (1, 2, 3, 11, 12, 13)] == [
        2,
        4,
        8,
        2048,
        3600,
        3600,
    ]


@pytest.mark.parametrize("reason", sorted(FOR_GOOD))
def test_a_mail_that_can_not_be_sent_ends_at_the_first_try(reason):
    ended = refused(in_hand(), reason, 550, "no such person", NOW)
    assert (ended.state, ended.next_attempt_at, ended.attempts) == (MessageState.FAILED, None, 1)
    assert (ended.reason, ended.code, ended.last_answer) == (reason, 550, "550 no such person")


@pytest.mark.parametrize("reason", OF_THIS_MAIL)
def test_a_mail_that_is_not_taken_now_waits_for_a_time_of_its_own(reason):
    waits = refused(in_hand(attempts=4), reason, 451, "later", NOW)
    assert (waits.state, waits.attempts, waits.in_hand_until) == (MessageState.QUEUED, 4, None)
    assert waits.next_attempt_at == NOW + back_off(4)


@pytest.mark.parametrize("reason", sorted(ANY_MAIL))
def test_a_server_that_would_refuse_any_mail_costs_none_an_attempt(reason):
    waits = refused(in_hand(), reason, 0, "", NOW)
    assert (waits.state, waits.attempts, waits.next_attempt_at) == (MessageState.QUEUED, 0, NOW + SOON)


def test_only_a_server_that_is_away_or_unusable_stops_the_round():
    assert {reason for reason in RefusalReason if would_refuse_any(reason)} == ANY_MAIL


@pytest.mark.parametrize("reason", [RefusalReason.BUSY, RefusalReason.AWAY])
def test_a_mail_is_given_up_three_days_after_it_was_queued(reason):
    wait = SOON if reason is RefusalReason.AWAY else back_off(1)
    last = NOW + wait - GIVEN_UP_AFTER
    assert refused(in_hand(created_at=last), reason, 0, "", NOW).state is MessageState.QUEUED
    before = last - timedelta(milliseconds=1)
    assert refused(in_hand(created_at=before), reason, 0, "", NOW).state is MessageState.FAILED
    again = in_hand(created_at=before, queued_at=NOW)
    assert refused(again, reason, 0, "", NOW).state is MessageState.QUEUED


def test_a_message_that_was_taken_is_sent_and_not_tried_again():
    done = sent(in_hand(last_answer="451 later"), NOW)
    assert (done.state, done.sent_at, done.next_attempt_at) == (MessageState.SENT, NOW, None)
    assert (done.in_hand_until, done.last_answer) == (None, "")


def test_through_an_hour_of_busyness_a_mail_is_tried_a_dozen_times_and_then_waits_as_long_again_at_most():
    message, now, tries = in_hand(attempts=0, created_at=NOW), NOW, 0
    while now < NOW + timedelta(hours=1):
        tries += 1
        message = refused(in_hand(attempts=message.attempts + 1), RefusalReason.BUSY, 451, "later", now)
        now = message.next_attempt_at
    assert (tries, message.state) == (11, MessageState.QUEUED)
    assert now <= NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, DeliveryState.WAITING),
        ({"in_hand_until": NOW}, DeliveryState.WAITING),
        ({"in_hand_until": NOW + timedelta(seconds=1)}, DeliveryState.SENDING),
        ({"state": MessageState.SENT}, DeliveryState.SENT),
        ({"state": MessageState.FAILED}, DeliveryState.FAILED),
        ({"state": MessageState.FAILED, "reason": RefusalReason.ADDRESS}, DeliveryState.FAILED),
        ({"state": MessageState.FAILED, "reason": RefusalReason.BUSY}, DeliveryState.GIVEN_UP),
        ({"state": MessageState.FAILED, "reason": RefusalReason.UNTRUSTED}, DeliveryState.GIVEN_UP),
    ],
)
def test_people_are_told_whether_a_mail_is_under_way_and_why_one_is_not(fields, told):
    assert delivery_state(a_message(**fields), NOW) is told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "Bonjour Ana Roy,\n\nNous avons bien reçu\nvotre paiement.\n",
            "Nous avons bien reçu votre paiement.",
        ),
        ("Une place s'est libérée.\n\nÀ bientôt.", "Une place s'est libérée. À bientôt."),
        ("", ""),
        ("Bonjour Ana,\n\n" + "mot " * 60, ("mot " * 35).strip() + "…"),
        ("x" * 200, "x" * 140 + "…"),
    ],
)
def test_the_first_words_of_a_mail_stand_after_its_greeting_and_end_with_a_word(text, shown):
    assert excerpt(text) == shown
