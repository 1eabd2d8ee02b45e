"""What is worth a letter, and what makes two letters one."""

import pytest

from notify.letters.rules import dedupe_key, letter_of
from notify.vocabulary import MessageKind

FAMILY = {"family_id": "f1"}


@pytest.mark.parametrize(
    ("event", "data", "kind", "key"),
    [
        ("confirmation_answered", {"confirmation_id": "c1", "lines": [{}]}, MessageKind.CONFIRMATION, "c1"),
        ("seat_promoted", {"booking_id": "b1", "to": "accepted"}, MessageKind.PROMOTION, "b1"),
        ("payment_asked", {"settlement_id": "s1"}, MessageKind.PAYMENT_ASKED, "s1"),
        ("hold_expired", {"booking_id": "b1"}, MessageKind.HOLD_EXPIRED, "b1"),
        ("seat_lost", {"booking_id": "b1"}, MessageKind.SEAT_LOST, "b1"),
        ("payment_settled", {"receipt_number": "2026-1"}, MessageKind.RECEIPT, "2026-1"),
        ("credit_note_issued", {"credit_note_id": "n1"}, MessageKind.CREDIT_NOTE, "n1"),
        ("payment_not_received", {"payment_id": "p1"}, MessageKind.PAYMENT_NOT_RECEIVED, "p1"),
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
