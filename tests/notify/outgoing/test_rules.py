from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.outgoing.model import Kind, State
from notify.outgoing.rules import (
    ATTEMPTS_MAX,
    AWAY_MAX,
    RETRY_MAX_S,
    after_refusal,
    dedupe_key,
    is_away,
    letter_of,
    next_attempt,
    while_away,
)

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
FAMILY = {"family_id": "f1"}


@pytest.mark.parametrize(
    ("event", "data", "kind", "key"),
    [
        ("confirmation_answered", {"confirmation_id": "c1", "lines": [{}]}, Kind.CONFIRMATION, "c1"),
        ("seat_promoted", {"booking_id": "b1", "to": "accepted"}, Kind.PROMOTION, "b1"),
        ("payment_asked", {"settlement_id": "s1"}, Kind.PAYMENT_ASKED, "s1"),
        ("hold_expired", {"booking_id": "b1"}, Kind.HOLD_EXPIRED, "b1"),
        ("seat_lost", {"booking_id": "b1"}, Kind.SEAT_LOST, "b1"),
        ("payment_settled", {"receipt_number": "2026-1"}, Kind.RECEIPT, "2026-1"),
        ("credit_note_issued", {"credit_note_id": "n1"}, Kind.CREDIT_NOTE, "n1"),
    ],
)
def test_each_event_worth_telling_makes_its_letter(event, data, kind, key):
    letter = letter_of(event, FAMILY | data)
    assert letter is not None
    assert (letter.kind, letter.key, letter.family_id) == (kind, key, "f1")


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("seat_promoted", {"booking_id": "b1", "to": "held"}),
        ("payment_settled", {"receipt_number": None}),
        ("confirmation_answered", {"confirmation_id": "c1", "lines": []}),
    ],
)
def test_nothing_is_written_where_another_letter_tells_it_or_nothing_happened(event, data):
    assert letter_of(event, FAMILY | data) is None


def test_the_same_thing_told_to_the_same_person_shares_its_key_whatever_the_case_of_the_address():
    letter = letter_of("hold_expired", FAMILY | {"booking_id": "b1"})
    assert letter is not None
    assert dedupe_key(letter, "A@b.example") == dedupe_key(letter, "a@B.example")
    assert dedupe_key(letter, "a@b.example") != dedupe_key(letter, "c@b.example")


@given(st.integers(1, ATTEMPTS_MAX - 1))
def test_every_wait_is_longer_than_the_one_before_up_to_an_hour(attempts):
    wait = next_attempt(attempts, NOW) - NOW
    longer = next_attempt(attempts + 1, NOW)
    assert timedelta(0) < wait <= timedelta(seconds=RETRY_MAX_S)
    assert longer is None or longer - NOW >= wait


def test_a_mail_is_given_up_after_the_last_attempt():
    assert after_refusal(451, ATTEMPTS_MAX, NOW) == (State.FAILED, None)


@pytest.mark.parametrize(
    ("code", "state"), [(450, State.QUEUED), (451, State.QUEUED), (500, State.FAILED), (550, State.FAILED)]
)
def test_only_a_permanent_refusal_ends_a_mail_at_once(code, state):
    assert after_refusal(code, 1, NOW)[0] is state


def test_a_server_that_is_silent_or_closing_is_away_and_one_that_refuses_is_not():
    assert [code for code in (0, -1, 354, 421, 450, 451, 550) if is_away(code)] == [0, -1, 354, 421]


def test_while_the_server_is_away_a_mail_is_tried_often_and_given_up_after_days():
    state, again = while_away(NOW - AWAY_MAX, NOW)
    assert again is not None
    assert (state, again - NOW) == (State.QUEUED, timedelta(seconds=5))
    assert while_away(NOW - AWAY_MAX - timedelta(seconds=1), NOW) == (State.FAILED, None)
