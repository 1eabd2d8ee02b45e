"""When a mail is tried again, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.outgoing.model import MessageState
from notify.outgoing.rules import (
    ATTEMPTS_MAX,
    AWAY_MAX,
    RETRY_MAX_S,
    after_refusal,
    is_away,
    next_attempt,
    refused,
    sent,
    while_away,
)
from tests.notify.conftest import a_message

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)


@given(st.integers(1, ATTEMPTS_MAX - 1))
def test_every_wait_is_longer_than_the_one_before_up_to_an_hour(attempts):
    wait = next_attempt(attempts, NOW) - NOW
    longer = next_attempt(attempts + 1, NOW)
    assert timedelta(0) < wait <= timedelta(seconds=RETRY_MAX_S)
    assert longer is None or longer - NOW >= wait


def test_a_mail_is_given_up_after_the_last_attempt():
    assert after_refusal(451, ATTEMPTS_MAX, NOW) == (MessageState.FAILED, None)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (450, MessageState.QUEUED),
        (451, MessageState.QUEUED),
        (500, MessageState.FAILED),
        (550, MessageState.FAILED),
    ],
)
def test_only_a_permanent_refusal_ends_a_mail_at_once(code, state):
    assert after_refusal(code, 1, NOW)[0] is state


def test_a_server_that_is_silent_or_closing_is_away_and_one_that_refuses_is_not():
    assert [code for code in (0, -1, 354, 421, 450, 451, 550) if is_away(code)] == [0, -1, 354, 421]


def test_while_the_server_is_away_a_mail_is_tried_often_and_given_up_after_days():
    state, again = while_away(NOW - AWAY_MAX, NOW)
    assert again is not None
    assert (state, again - NOW) == (MessageState.QUEUED, timedelta(seconds=5))
    assert while_away(NOW - AWAY_MAX - timedelta(seconds=1), NOW) == (MessageState.FAILED, None)


def test_a_message_that_was_taken_is_sent_and_not_tried_again():
    done = sent(a_message(), NOW)
    assert (done.state, done.sent_at, done.next_attempt_at) == (MessageState.SENT, NOW, None)


def test_an_attempt_counts_only_where_a_server_answered():
    assert refused(a_message(attempts=1), 451, NOW).attempts == 1
    assert refused(a_message(), 550, NOW).state is MessageState.FAILED
    away = refused(a_message(attempts=1), 0, NOW)
    assert (away.state, away.attempts, away.next_attempt_at) == (
        MessageState.QUEUED,
        0,
        NOW + timedelta(seconds=5),
    )
