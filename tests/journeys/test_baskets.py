"""A basket of several children and centres in one confirmation: its verdicts, its requests, its rivals."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import requests

from chassis.testing.waiting import eventually
from tests.journeys.people import TIMEOUT_S, Person, Refused, cents, coming_weeks

CANTEEN, EVENING, SPORT = "Restauration scolaire", "Accueil du soir", "Sport du soir"
WORKSHOP, WEDNESDAY_OF_THE_SMALL = "Atelier 1 place", "3-6 ans, mercredi"
LEASE_S = 4


@pytest.fixture
def large_family(stack, households):
    """A family of several children, all old enough for everything."""
    return Person.logged_in(stack.gateway_url, next(households.several()).guardians[0].email)


def named(person, name):
    return [each for each in person.get("/activities")["data"] if each["name"].startswith(name)]


def own_and_foreign(person, name, child):
    """The activity of that name at the child's school, and the one at the other school."""
    own = next(each for each in named(person, name) if person.days(child, each))
    return own, next(each for each in named(person, name) if each["id"] != own["id"])


def past_deadline(person, child, activity):
    """A day that nobody can book any more; none before the first week of school."""
    today = datetime.now(UTC).date()
    span = {"from": today - timedelta(days=28), "to": today + timedelta(days=7)}
    [series] = person.get("/calendar", child=child["id"], activity=activity["id"], **span)["series"]
    return next((day["day"] for day in series["days"] if day["reason"] == "past_deadline"), None)


def a_sunday():
    """A Sunday of the coming weeks: no school canteen opens."""
    first, _ = coming_weeks(datetime.now(UTC).date())
    return first + timedelta(days=28 - first.isoweekday())


def verdict_of(lines, movement):
    [line] = [
        each
        for each in lines
        if all(each[name] == movement[name] for name in movement if name != "centre_id")
    ]
    return line["verdict"], line["reason"], line["rank"]


@pytest.fixture
def offered(stack, households):
    """A family of several children whose first two have the days that the basket needs, and these days."""
    for household in households.several():
        family = Person.logged_in(stack.gateway_url, household.guardians[0].email)
        if choice := chosen_by(family):
            return choice
    raise AssertionError("no family has days enough")


def chosen_by(family):
    ann, ben, *_ = family.children()
    canteen, elsewhere = own_and_foreign(family, CANTEEN, ann)
    evening, _ = own_and_foreign(family, EVENING, ann)
    [sport], [workshop] = named(family, SPORT), named(family, WORKSHOP)
    [small] = named(family, WEDNESDAY_OF_THE_SMALL)
    of_ann, of_ben = (
        {what["id"]: {*family.free_days(child, what)} for what in (sport, evening)} for child in (ann, ben)
    )
    # sport and evening meet: either could be had on these days, both can't
    either = sorted(of_ann[sport["id"]] & of_ann[evening["id"]] & of_ben[evening["id"]])[-2:]
    for_ben = of_ben[sport["id"]] - {*either}
    if len(either) < 2 or not for_ben:
        return None
    return SimpleNamespace(
        family=family, ann=ann, ben=ben, canteen=canteen, elsewhere=elsewhere, evening=evening, sport=sport,
        workshop=workshop, small=small, first=either[1], second=either[0], third=max(for_ben),
        noon=family.free_days(ann, canteen)[-1], late=past_deadline(family, ann, canteen),
    )  # fmt: skip


def every_kind(has, last_seat):
    """A movement for each verdict that there is, and what it is answered: verdict, reason, rank."""
    ann, ben, move = has.ann, has.ben, has.family.movement
    too_old = reason_on(has.family, ann, has.small, has.noon)
    lines = {
        "given back": (move(ann, has.evening, has.first, "cancel"), "cancelled", None, None),
        "never booked": (move(ben, has.evening, has.first, "cancel"), "refused", "not_booked", None),
        "to pay": (move(ann, has.canteen, has.noon), "held", None, None),
        "free": (move(ben, has.sport, has.third), "accepted", None, None),
        "in the place of what is given back": (move(ann, has.sport, has.first), "accepted", None, None),
        "the last seat": (move(ben, has.workshop, last_seat), "waitlisted", None, 1),
        "booked before": (move(ann, has.sport, has.second), "refused", "duplicate", None),
        "at the same hours": (move(ann, has.evening, has.second), "refused", "overlap", None),
        "of another school": (move(ann, has.elsewhere, has.noon), "refused", "not_enrolled", None),
        "for the small": (move(ann, has.small, has.noon), "refused", too_old, None),
        "no day of care": (move(ann, has.canteen, a_sunday()), "refused", "not_open", None),
    }
    if has.late:
        lines["too late"] = (move(ann, has.canteen, has.late), "refused", "past_deadline", None)
    wanted = {name: movement for name, (movement, *_) in lines.items()}
    return wanted, {name: tuple(answer) for name, (_, *answer) in lines.items()}


def test_one_basket_answers_every_line_for_itself_and_numbers_a_request_per_child_centre_and_period(
    offered, other_family, seats
):
    family, ann = offered.family, offered.ann
    [rival, *_] = other_family.children()
    last_seat = seats.claim(offered.workshop, (other_family, rival), (family, offered.ben))
    other_family.book(other_family.movement(rival, offered.workshop, last_seat))
    before = family.book(
        family.movement(ann, offered.evening, offered.first),
        family.movement(ann, offered.sport, offered.second),
    )
    assert {line["verdict"] for line in before["lines"]} == {"accepted"}

    wanted, expected = every_kind(offered, last_seat)
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

    assert_requests(family, confirmation)
    family.pay(confirmation["id"])
    eventually(lambda: family.state(held["booking_id"]) == "accepted")
    shown_now = family.get(f"/confirmations/{confirmation['id']}")["confirmation"]
    assert shown_now["payment"]["state"] == "settled"


def reason_on(family, child, activity, day):
    """Too old for it, or, on a day without it, that it is not open."""
    asked = {"child": child["id"], "activity": activity["id"], "from": day, "to": day}
    [series] = family.get("/calendar", **asked)["series"]
    return series["days"][0]["reason"]


def assert_requests(family, confirmation):
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


def test_siblings_on_the_last_seat_pay_for_one(seats, large_family):
    ann, ben, *_ = large_family.children()
    [workshop] = named(large_family, WORKSHOP)
    day = seats.claim(workshop, (large_family, ann), (large_family, ben))
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
    *_, second, first = family.free_days(child, sport)
    stuck = {"FAILPOINTS": "booking.confirm.after_begin=raise", "FAILPOINTS_MARKS": str(tmp_path)}
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
        confirmed = eventually(lambda: patiently(family, rival, "the-second"))
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
    *_, second, first = family.free_days(child, sport)
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
    day = family.free_days(child, canteen)[-1]
    confirmation = family.book(family.movement(child, canteen, day))
    [held] = confirmation["lines"]
    payment = family.start_payment(confirmation["id"])
    [left] = family.cancel(held["booking_id"])["lines"]
    assert left["verdict"] == "cancelled"
    eventually(lambda: family.get("/settlements/due")["data"] == [])
    now = family.get(f"/confirmations/{confirmation['id']}")["confirmation"]["payment"]
    assert (now["state"], cents(now["amount_due"])) == ("none", 0)

    requests.post(payment["page_url"], {"choice": "pay"}, timeout=TIMEOUT_S, allow_redirects=False)
    eventually(lambda: family.payment(payment["id"])["state"] == "paid")
    [note] = eventually(lambda: family.get("/credit-notes")["data"])
    assert cents(note["left"]) == cents(held["cost"])
    assert family.state(held["booking_id"]) == "cancelled"
    again = family.review(family.movement(child, canteen, day))
    assert (again["next"], cents(again["totals"]["amount_due"])) == ("ok", 0)
