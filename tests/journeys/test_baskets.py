"""A basket of several children and centres in one confirmation: its verdicts, its requests, its rivals."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import requests

from chassis.testing.waiting import eventually
from tests.journeys.people import Person, Refused, cents

CANTEEN, EVENING, SPORT = "Restauration scolaire", "Accueil du soir", "Sport du soir"
WORKSHOP, WEDNESDAY_OF_THE_SMALL = "Atelier 1 place", "3-6 ans, mercredi"
LEASE_S = 4


@pytest.fixture
def large_family(stack, households):
    """A family of several children, all old enough for everything."""
    return Person.logged_in(
        stack.gateway_url, next(f for f in households if len(f.children) > 1).guardians[0].email
    )


def named(person, name):
    return [each for each in person.get("/activities")["data"] if each["name"].startswith(name)]


def own_and_foreign(person, name, child):
    """The activity of that name at the child's school, and the one at the other school."""
    own = next(each for each in named(person, name) if person.days(child, each))
    return own, next(each for each in named(person, name) if each["id"] != own["id"])


def both_sports_and_evenings(person, child, evening, sport):
    """Days on which the child may do either, at hours that overlap."""
    evenings = {day["day"] for day in person.days(child, evening)}
    return [day["day"] for day in person.days(child, sport) if day["day"] in evenings]


def past_deadline(person, child, activity):
    """A day of the last weeks, which nobody can book any more."""
    today = datetime.now(UTC).date()
    span = {"from": today - timedelta(days=28), "to": today + timedelta(days=7)}
    [series] = person.get("/calendar", child=child["id"], activity=activity["id"], **span)["series"]
    return next(day["day"] for day in series["days"] if day["reason"] == "past_deadline")


def verdict_of(lines, movement):
    [line] = [
        each
        for each in lines
        if all(each[name] == movement[name] for name in movement if name != "centre_id")
    ]
    return line["verdict"], line["reason"], line["rank"]


def test_one_basket_answers_every_line_for_itself_and_numbers_a_request_per_child_centre_and_period(
    large_family, other_family
):
    family = large_family
    ann, ben, *_ = family.children()
    canteen, elsewhere = own_and_foreign(family, CANTEEN, ann)
    evening, _ = own_and_foreign(family, EVENING, ann)
    [sport], [workshop] = named(family, SPORT), named(family, WORKSHOP)
    [small] = named(family, WEDNESDAY_OF_THE_SMALL)
    *_, third, second, first = both_sports_and_evenings(family, ann, evening, sport)
    noon = family.days(ann, canteen)[-1]["day"]

    [rival, *_] = other_family.children()
    last_seat = other_family.days(rival, workshop)[-6]["day"]
    other_family.book(other_family.movement(rival, workshop, last_seat))
    before = family.book(family.movement(ann, evening, first), family.movement(ann, sport, second))
    assert {line["verdict"] for line in before["lines"]} == {"accepted"}

    wanted = {
        "given back": family.movement(ann, evening, first, "cancel"),
        "never booked": family.movement(ben, evening, first, "cancel"),
        "to pay": family.movement(ann, canteen, noon),
        "free": family.movement(ben, sport, third),
        "in the place of what is given back": family.movement(ann, sport, first),
        "the last seat": family.movement(ben, workshop, last_seat),
        "booked before": family.movement(ann, sport, second),
        "at the same hours": family.movement(ann, evening, second),
        "of another school": family.movement(ann, elsewhere, noon),
        "for the small": family.movement(ann, small, noon),
        "too late": family.movement(ann, canteen, past_deadline(family, ann, canteen)),
        "no day of care": family.movement(ann, canteen, "2027-01-01"),
    }
    expected = {
        "given back": ("cancelled", None, None),
        "never booked": ("refused", "not_booked", None),
        "to pay": ("held", None, None),
        "free": ("accepted", None, None),
        "in the place of what is given back": ("accepted", None, None),
        "the last seat": ("waitlisted", None, 1),
        "booked before": ("refused", "duplicate", None),
        "at the same hours": ("refused", "overlap", None),
        "of another school": ("refused", "not_enrolled", None),
        "for the small": ("refused", expected_of_the_small(family, ann, small, noon), None),
        "too late": ("refused", "past_deadline", None),
        "no day of care": ("refused", "not_open", None),
    }
    review = family.review(*wanted.values())
    confirmation = family.confirm(review)
    lines = confirmation["lines"]
    assert {name: verdict_of(lines, each) for name, each in wanted.items()} == expected
    # The review had promised exactly that, and asked money for nothing but the line that is held.
    shown = [(each["expected"], each["reason"]) for each in review["cancellations"] + review["bookings"]]
    assert shown == [(each["verdict"], each["reason"]) for each in lines]
    [held] = [each for each in lines if each["verdict"] == "held"]
    assert cents(review["totals"]["amount_due"]) == cents(held["cost"]) > 0
    assert cents(confirmation["payment"]["amount_due"]) == cents(held["cost"])

    check_requests(family, confirmation)
    family.pay(confirmation["id"])
    eventually(lambda: family.state(held["booking_id"]) == "accepted")
    shown_now = family.get(f"/confirmations/{confirmation['id']}")["confirmation"]
    assert shown_now["payment"]["state"] == "settled"


def expected_of_the_small(family, child, small, day):
    """Too old for it; on a day without it, that says less than that it is not open."""
    [series] = family.get("/calendar", child=child["id"], activity=small["id"], **{"from": day, "to": day})[
        "series"
    ]
    return series["days"][0]["reason"]


def check_requests(family, confirmation):
    requests, lines = confirmation["requests"], confirmation["lines"]
    keys = [(each["child_id"], each["centre_id"]) for each in requests]
    assert {(each["child_id"], each["centre_id"]) for each in lines} == set(keys)
    triples = [(*key, each["period_id"]) for key, each in zip(keys, requests, strict=True)]
    assert len(triples) == len(set(triples)) > 3
    assert len({each["number"] for each in requests}) == len(requests)
    assert all(re.fullmatch(r"\d{4}-\d{6}", each["number"]) for each in requests)
    details = [family.get(f"/requests/{each['id']}")["request"] for each in requests]
    assert sorted(line["line"] for each in details for line in each["lines"]) == [
        line["line"] for line in lines
    ]
    states = {each["state"] for each in details}
    assert "awaiting_payment" in states
    assert states <= {"awaiting_payment", "partly_accepted", "accepted", "waitlisted", "refused", "cancelled"}


def test_siblings_on_the_last_seat_pay_for_one(large_family):
    ann, ben, *_ = large_family.children()
    [workshop] = named(large_family, WORKSHOP)
    day = large_family.days(ann, workshop)[-7]["day"]
    review = large_family.review(
        large_family.movement(ann, workshop, day), large_family.movement(ben, workshop, day)
    )
    assert sorted(each["expected"] for each in review["bookings"]) == ["held", "waitlisted"]
    confirmation = large_family.confirm(review)
    assert sorted(each["verdict"] for each in confirmation["lines"]) == ["held", "waitlisted"]
    assert confirmation["payment"]["amount_due"] == review["totals"]["amount_due"]


def test_a_childs_confirmations_follow_each_other_and_who_comes_second_is_told_when_to_ask_again(
    stack, family, tmp_path
):
    [child, *_] = family.children()
    [sport] = named(family, SPORT)
    *_, second, first = [day["day"] for day in family.days(child, sport)]
    stuck = {"FAILPOINTS": "booking.confirm.after_insert=raise", "FAILPOINTS_MARKS": str(tmp_path)}
    stack.restart("booking", {**stuck, "BOOKING_LEASE_S": str(LEASE_S)})
    try:
        left_alone, key = family.review(family.movement(child, sport, first)), str(uuid.uuid4())
        with pytest.raises(Refused) as broken:
            family.confirm(left_alone, key)
        assert broken.value.status >= 500
        rival = family.review(family.movement(child, sport, second))
        answer = family.ask(
            "POST",
            f"/drafts/{rival['draft_id']}/confirmation",
            json={"quote_id": rival["quote_id"]},
            headers={"Idempotency-Key": "the-second"},
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "confirmation_in_progress")
        assert int(answer.headers["Retry-After"]) >= 1
        with pytest.raises(Refused, match="confirmation_in_progress"):
            family.confirm(left_alone, key)
        confirmed = eventually(lambda: patiently(family, rival, "the-second"), timeout_s=4 * LEASE_S)
        assert [line["verdict"] for line in confirmed["lines"]] == ["accepted"]
        [line] = family.confirm(left_alone, key)["lines"]
        assert line["verdict"] == "accepted"
    finally:
        stack.restart("booking")


def patiently(person, review, key):
    try:
        return person.confirm(review, key)
    except Refused as refused:
        if refused.code != "confirmation_in_progress":
            raise
        return None


def test_a_basket_that_changed_since_it_was_shown_is_shown_again_before_anything_happens(family):
    [child, *_] = family.children()
    [sport] = named(family, SPORT)
    *_, second, first = [day["day"] for day in family.days(child, sport)]
    before = {each["id"] for each in family.bookings()}
    shown = family.review(family.movement(child, sport, first))
    family.patch(
        f"/drafts/{shown['draft_id']}", {"add": [family.movement(child, sport, second)], "remove": []}
    )
    with pytest.raises(Refused) as stale:
        family.confirm(shown)
    assert (stale.value.status, stale.value.code) == (409, "review_stale")
    # Two tabs: the review that was shown last is the one that can be confirmed.
    tabs = [family.get(f"/drafts/{shown['draft_id']}/review")["review"] for _ in range(2)]
    with pytest.raises(Refused, match="review_stale"):
        family.confirm(tabs[0])
    assert {each["id"] for each in family.bookings()} == before
    assert {line["verdict"] for line in family.confirm(tabs[1])["lines"]} == {"accepted"}


def test_a_day_given_back_while_its_payment_page_is_open_turns_the_money_into_an_avoir(family):
    [child, *_] = family.children()
    canteen, _ = own_and_foreign(family, CANTEEN, child)
    day = family.days(child, canteen)[-1]["day"]
    confirmation = family.book(family.movement(child, canteen, day))
    [held] = confirmation["lines"]
    payment = family.start_payment(confirmation["id"])
    [left] = family.cancel(held["booking_id"])["lines"]
    assert left["verdict"] == "cancelled"
    eventually(lambda: family.get("/settlements/due")["data"] == [])
    now = family.get(f"/confirmations/{confirmation['id']}")["confirmation"]["payment"]
    assert (now["state"], cents(now["amount_due"])) == ("none", 0)

    requests.post(payment["page_url"], {"choice": "pay"}, timeout=10, allow_redirects=False)
    eventually(lambda: family.payment(payment["id"])["state"] == "paid")
    [note] = eventually(lambda: family.get("/credit-notes")["data"])
    assert cents(note["left"]) == cents(held["cost"])
    assert family.state(held["booking_id"]) == "cancelled"
    again = family.review(family.movement(child, canteen, day))
    assert (again["next"], cents(again["totals"]["amount_due"])) == ("ok", 0)
