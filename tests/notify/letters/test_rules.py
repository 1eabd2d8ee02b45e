"""What is worth a letter, what makes two letters one, and what is told together."""

from datetime import UTC, date, datetime

import pytest

from chassis.values.event import Event
from notify.letters.rules import (
    aliases_told_by,
    dedupe_key,
    digest_letter,
    gathered_letter,
    in_digest,
    letter_of,
    seats_to_pay,
    thing_of,
    with_seats,
)
from notify.news.model import Digest, Thing
from notify.news.rules import news_of
from notify.ports.facts import read_fact
from notify.vocabulary import Contact, MessageKind

FAMILY = {"family_id": "f1"}
COVERED = {"receipt_number": None, "settlement_id": "c1"}
A_SEAT = {
    "booking_id": "b1",
    "child_name": "Zoé",
    "activity_name": "Repas",
    "day": date(2026, 12, 2),
    "charging_mode": "prepaid",
    "cost_cents": 376,
}
DAY = {"child_name": "Zoé", "activity_name": "Repas", "day": "2026-11-16", "booking_id": "b1", **FAMILY}
NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)
AVOIR = {"credit_note_id": "n1", "number": "A-1", "amount_cents": 376, "booking_id": "b1", **FAMILY}


def news(event, data, about=MessageKind.DIGEST, number=1):
    told = Event(f"e{number}", event, 1, "o", "a", number, NOW, None, "r", data)
    return news_of(told, Thing(f"{event}:{number}:"), about, Contact("Ana", "ana@x.example"), NOW)


def gathered(told):
    return gathered_letter(told, [read_fact(each.event, each.data) for each in told])


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
        ("booking_refused", {"booking_id": "b1"}, MessageKind.ANSWER, "b1:booking_refused:e1"),
        ("cancellation_declined", {"booking_id": "b1"}, MessageKind.ANSWER, "b1:cancellation_declined:e1"),
        (
            "booking_accepted",
            {"booking_id": "b1", "how": "granted"},
            MessageKind.ANSWER,
            "b1:booking_accepted:e1",
        ),
    ],
)
def test_each_event_worth_telling_makes_its_letter(event, data, kind, key):
    letter = letter_of(event, FAMILY | data, "e1")
    assert letter is not None
    assert (letter.kind, letter.key, letter.family_id) == (kind, key, "f1")
    assert thing_of(event, {"number": "A-1"} | FAMILY | data, "e1").key == f"{kind}:{key}:"


@pytest.mark.parametrize(
    ("event", "data", "counted"),
    [
        ("seat_promoted", {"booking_id": "b1", "to": "held"}, True),
        ("payment_settled", COVERED | {"lines": [{"booking_id": "b1"}]}, True),
        ("payment_settled", COVERED | {"lines": []}, False),
        ("confirmation_answered", {"confirmation_id": "c1", "lines": []}, False),
        ("credit_note_issued", {"credit_note_id": "n1", "reason": "closed", "number": "A-1"}, False),
        ("booking_accepted", {"booking_id": "b1", "how": "booked"}, False),
        ("booking_waitlisted", {"booking_id": "b1", "rank": 1}, False),
        ("booking_accepted", {"booking_id": "b1", "how": "paid"}, False),
        ("booking_cancelled", {"booking_id": "b1", "was": "accepted"}, False),
    ],
)
def test_nothing_is_written_where_another_letter_tells_it_or_nothing_happened(event, data, counted):
    assert letter_of(event, FAMILY | data) is None
    assert in_digest(event, data) is counted
    assert thing_of(event, FAMILY | data, "e1") == (Thing(f"{event}:e1:") if counted else None)


def test_what_is_done_with_money_counts_in_no_digest():
    assert not in_digest("payment_asked", {})
    assert not in_digest("payment_not_received", {})
    assert not in_digest("credit_note_issued", {"reason": "seat_lost"})
    assert in_digest("credit_note_issued", {"reason": "cancelled"})


def test_the_same_thing_told_to_the_same_person_shares_its_key_whatever_the_case_of_the_address():
    letter = letter_of("hold_expired", FAMILY | {"booking_id": "b1"})
    assert letter is not None
    assert dedupe_key(letter, "A@b.example") == dedupe_key(letter, "a@B.example")
    assert dedupe_key(letter, "a@b.example") != dedupe_key(letter, "c@b.example")


def test_a_late_payment_is_one_letter_with_its_seats_and_their_avoirs():
    about = MessageKind.SEAT_LOST
    lost, note = (
        news("seat_lost", DAY, about),
        news("credit_note_issued", {**AVOIR, "reason": "seat_lost"}, about, 2),
    )
    letter = gathered([lost, note])
    assert (letter.kind, letter.key) == (about, "b1")
    assert [line["day"] for line in letter.facts["lines"]] == [date(2026, 11, 16)]
    assert [note["number"] for note in letter.facts["credit_notes"]] == ["A-1"]
    assert gathered([note]).kind is MessageKind.CREDIT_NOTE


def test_answers_of_the_services_are_one_letter():
    told = [
        news("booking_accepted", {**DAY, "how": "granted"}, MessageKind.ANSWER),
        news("booking_cancelled", {**DAY, "was": "cancellation_requested"}, MessageKind.ANSWER, 2),
    ]
    said = [(line["action"], line["verdict"]) for line in gathered(told).facts["lines"]]
    assert said == [("book", "accepted"), ("cancel", "cancelled")]


def test_a_digest_is_of_a_day_and_names_each_avoir_once():
    payment = {"credit_notes": [AVOIR]}
    lines = [{"action": "cancel", "verdict": "cancelled", "booking_id": "b1"}]
    told = [
        news(
            "confirmation_answered", {"confirmation_id": "c1", "lines": lines, "payment": payment, **FAMILY}
        ),
        news("credit_note_issued", AVOIR),
    ]
    letter = digest_letter(told, date(2026, 11, 16))
    assert letter.key == "f1:2026-11-16"
    assert letter.facts["digest"] == Digest(received=1, cancellations=1, cancelled=1)
    assert [note["number"] for note in letter.facts["credit_notes"]] == ["A-1"]
    assert digest_letter([news("payment_settled", {"lines": [], **FAMILY})], date(2026, 11, 16)) is None


def test_a_confirmation_tells_of_its_avoirs_under_the_name_that_they_are_told_by():
    confirmed = {"payment": {"credit_notes": [AVOIR]}}
    assert aliases_told_by("confirmation_answered", confirmed) == ["avoir:A-1"]
    assert thing_of("credit_note_issued", AVOIR, "e1").alias == "avoir:A-1"
    assert aliases_told_by("credit_note_issued", AVOIR) == []


def test_a_receipt_names_the_seats_that_were_to_be_paid_by_child_and_day():
    told = [
        ("confirmation_answered", {"lines": [A_SEAT | {"verdict": "held"}, A_SEAT | {"verdict": "refused"}]}),
        ("seat_promoted", A_SEAT | {"booking_id": "b2", "day": date(2026, 12, 1), "to": "held"}),
        ("seat_promoted", A_SEAT | {"booking_id": "b3", "to": "accepted"}),
    ]
    seats = {seat.booking_id: seat for event, facts in told for seat in seats_to_pay(event, facts)}
    assert list(seats) == ["b1", "b2"]
    paid = with_seats({"bookings": [{"booking_id": each} for each in ("b1", "b2", "b9")]}, seats)
    assert [line["booking_id"] for line in paid["lines"]] == ["b2", "b1"]


def test_a_seat_that_was_won_and_that_avoirs_pay_is_told_as_booked():
    paid = {"receipt_number": None, "settlement_id": "b1", "credits_used_cents": 376, "family_id": "f1"}
    seats = {"b1": seats_to_pay("seat_promoted", A_SEAT | {"to": "held"})[0]}
    letter = letter_of("payment_settled", with_seats(paid | {"bookings": [{"booking_id": "b1"}]}, seats))
    assert (letter.kind, letter.key) == ("promotion", "b1")
    assert [(line["child_name"], line["credit_cents"]) for line in letter.facts["lines"]] == [("Zoé", 376)]


def test_an_answer_that_ends_on_the_waiting_list_is_an_answer_and_counts_in_the_digest():
    waiting = FAMILY | A_SEAT | {"how": "granted", "rank": 2}
    letter = letter_of("booking_waitlisted", waiting, "e1")
    assert (letter.kind, letter.facts["lines"][0]["verdict"]) == ("answer", "waitlisted")
    assert in_digest("booking_waitlisted", waiting)
