"""What a day of news comes to, and when it is told."""

from datetime import UTC, date, datetime

import pytest

from chassis.values.event import Event
from notify.news.model import Digest, Thing
from notify.news.rules import digest_of, news_of, next_digest, of_day
from notify.vocabulary import Contact, MessageKind


def confirmed(*verdicts, named="c1"):
    """A confirmation of lines given as (action, verdict)."""
    lines = [
        {
            "action": action,
            "verdict": verdict,
            "booking_id": None if verdict == "refused" else f"{named}-{place}",
        }
        for place, (action, verdict) in enumerate(verdicts)
    ]
    return "confirmation_answered", {"confirmation_id": named, "lines": lines}


def happened(event, booking_id, **data):
    return event, {"booking_id": booking_id, **data}


def booked(number, verdict):
    return [("book", verdict)] * number


def test_the_first_digest_of_the_guide_counts_as_the_guide_does():
    told = confirmed(
        *booked(14, "accepted"),
        *booked(9, "requested"),
        *booked(4, "submitted"),
        *booked(17, "waitlisted"),
        ("cancel", "cancelled"),
    )
    assert digest_of([told]) == Digest(
        received=45, new=44, cancellations=1, accepted=14, pending=13, waitlisted=17, cancelled=1
    )


def test_the_second_digest_of_the_guide_tells_of_changes_alone():
    told = [happened("booking_refused", f"r{each}") for each in range(6)]
    told += [happened("booking_accepted", f"a{each}") for each in range(4)]
    assert digest_of(told) == Digest(refused=6, accepted=4)


@pytest.mark.parametrize(
    ("told", "digest"),
    [
        ([happened("seat_promoted", "c1-0", to="accepted")], Digest(1, 1, accepted=1)),
        ([happened("seat_promoted", "c1-0", to="held")], Digest(1, 1, held=1)),
        ([("payment_settled", {"lines": [{"booking_id": "c1-0"}]})], Digest(1, 1, accepted=1)),
        (
            [
                (
                    "payment_settled",
                    {"lines": [{"booking_id": "c0-0"}], "receipt": {"lines": [{"booking_id": "c1-0"}]}},
                )
            ],
            Digest(1, 1, accepted=1),
        ),
        ([happened("hold_expired", "c1-0")], Digest(1, 1, expired=1)),
        (
            [("payment_settled", {"lines": [{"booking_id": "c1-0"}]}), happened("seat_lost", "c1-0")],
            Digest(1, 1, expired=1),
        ),
        ([("credit_note_issued", {"number": "A-1"})], Digest(1, 1, waitlisted=1)),
        ([confirmed(("book", "a state of a later release"), named="c2")], Digest(2, 2, waitlisted=1)),
    ],
)
def test_a_movement_counts_once_as_it_stands_at_the_end(told, digest):
    assert digest_of([confirmed(("book", "waitlisted")), *told]) == digest


def test_a_booking_and_its_cancellation_are_two_movements():
    told = [confirmed(("book", "accepted")), confirmed(("cancel", "cancelled"))]
    told[1][1]["lines"][0]["booking_id"] = "c1-0"
    assert digest_of(told) == Digest(2, 1, 1, accepted=1, cancelled=1)


def test_a_cancellation_that_was_asked_for_waits_until_it_is_answered():
    asked = confirmed(("cancel", "cancellation_requested"), ("cancel", "refused"))
    assert digest_of([asked]) == Digest(2, 0, 2, cancellations_pending=1, cancellations_refused=1)
    assert digest_of([asked, happened("booking_cancelled", "c1-0")]).cancelled == 1
    assert digest_of([asked, happened("cancellation_declined", "c1-0")]).cancellations_refused == 2


def test_lines_that_were_refused_count_each():
    assert digest_of([confirmed(*booked(3, "refused"))]) == Digest(3, 3, refused=3)


def test_nothing_is_an_empty_digest():
    assert digest_of([]).empty
    assert not digest_of([confirmed(("book", "held"))]).empty


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-16T05:59:59+00:00", "2026-11-16T06:00:00+00:00"),
        ("2026-11-16T06:00:00+00:00", "2026-11-17T06:00:00+00:00"),
        ("2026-11-15T23:30:00+00:00", "2026-11-16T06:00:00+00:00"),
        ("2026-10-24T06:00:00+00:00", "2026-10-25T06:00:00+00:00"),  # an hour more than a day
        ("2027-03-27T07:00:00+00:00", "2027-03-28T05:00:00+00:00"),
    ],
)
def test_a_digest_leaves_at_its_hour_where_the_organisation_is(now, due):
    assert next_digest(datetime.fromisoformat(now), "07:00", "Europe/Paris") == datetime.fromisoformat(due)


def test_an_hour_that_the_clocks_leave_out_is_told_when_they_are_put_forward():
    night = datetime(2027, 3, 28, 0, tzinfo=UTC)
    assert next_digest(night, "02:30", "Europe/Paris") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_day_is_the_one_where_the_organisation_is():
    evening = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)
    assert of_day(evening, "Europe/Paris") == date(2026, 11, 16)
    assert of_day(evening, "America/Martinique") == date(2026, 11, 15)


def test_the_same_thing_for_the_same_reader_is_kept_under_one_id():
    now = datetime(2026, 11, 16, tzinfo=UTC)
    event = Event("e1", "seat_lost", 1, "o", "b1", 1, now, None, "r", {"family_id": "f1"})
    thing = Thing("seat_lost:b1:")
    kept = news_of(event, thing, MessageKind.SEAT_LOST, Contact("Ana", "Ana@x.example"), now)
    again = news_of(event, thing, MessageKind.SEAT_LOST, Contact("A.", "ana@x.example"), now)
    other = news_of(event, thing, MessageKind.DIGEST, Contact("Ana", "ana@x.example"), now)
    assert kept.id == again.id != other.id
    assert (kept.family_id, kept.happened_at, kept.told_at) == ("f1", now, None)
