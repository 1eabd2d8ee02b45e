"""kill -9 in the middle of two hundred confirmations: nothing is lost, nothing happens twice."""

import collections

from tests.chaos.families import INVOICED

CONFIRMATIONS = 200
LIVE = ("held", "accepted", "waitlisted")
AFTER_SEATS = "booking.confirm.after_seats"
KILLS = {
    "booking": (f"{AFTER_SEATS}=kill@25", "booking.relay.before_publish=kill@60"),
    "billing": ("billing.settle.after_commit=kill@12", "billing.record_payment.after_commit=kill@8"),
}
LEFT_ALONE_FOR = {"BOOKING_LEASE_S": "5"}
"""Seconds after which somebody else goes on with what the dead copy had in hand: 30 by default."""

CONFIRMED = {"state": {"$in": ["open", "answered"]}}
"""What is no basket any more."""


def test_two_hundred_confirmations_survive_the_death_of_booking_and_of_billing(armed, crowd, holds, booking):
    known = booking["confirmations"].count_documents(CONFIRMED)
    marks = armed(KILLS, LEFT_ALONE_FOR)
    with crowd(CONFIRMATIONS) as many:
        pass
    assert holds() == []
    assert marks.fired() == {point.partition("=")[0] for points in KILLS.values() for point in points}

    sent = many.sent
    assert len(sent) == CONFIRMATIONS
    made = booking["confirmations"].count_documents(CONFIRMED) - known
    assert marks.passed(AFTER_SEATS) > made, "nobody went on where a killed process had stopped"
    for family, one in sent:
        assert family.insist(one) == one.answer, one.path
    answers = [one.answer for _, one in sent if one.answer]
    assert booking["confirmations"].count_documents(CONFIRMED) == known + len(
        {each["id"] for each in answers}
    )
    for answer in answers:
        made = booking["bookings"].find({"confirmation_id": answer["id"]}, {"_id": 1})
        assert sorted(row["_id"] for row in made) == sorted(booked_by(answer))
    assert_no_child_is_there_twice(booking)
    assert_families_met(answers)
    assert holds() == []


def test_a_family_that_asks_under_another_key_is_answered_otherwise(families):
    """The control: the answers above are the same because of the keys, not because all answers are."""
    family = next(each for each in families if each.days[INVOICED])
    day = family.days[INVOICED][-1]
    first = family.ask_for(INVOICED, day)
    again = family.ask_for(INVOICED, day)
    assert first != again
    assert [line["verdict"] for line in again["lines"]] == ["refused"]


def booked_by(answer):
    return [
        line["booking_id"] for line in answer["lines"] if line["action"] == "book" and line["verdict"] in LIVE
    ]


def assert_no_child_is_there_twice(booking):
    live = booking["bookings"].find({"state": {"$in": list(LIVE)}})
    claims = collections.Counter((row["child_id"], row["activity_id"], row["day"]) for row in live)
    assert max(claims.values()) == 1


def assert_families_met(answers):
    """The load was one in which seats can be sold twice: some waited, some came too late, some gave back."""
    verdicts = collections.Counter(line["verdict"] for answer in answers for line in answer["lines"])
    assert min(verdicts[each] for each in (*LIVE, "refused", "cancelled")) > 0, verdicts
