"""What 1d38cb3 kept is read, gone on with and ended by the code as it is now.

The dump was made by `tests.releases.dump` on 1d38cb3's own code, and its programs were switched off in the
middle of things. `restored` says how its days stay days to come.
"""

import pytest

from chassis.testing.waiting import eventually
from deploy.fsck import report
from deploy.local import fsck
from tests.journeys.people import Person, cents
from tests.releases import stored
from tests.releases.asked import Told, no_longer_told, told_again
from tests.releases.opened import opened
from tests.releases.restored import RestoredStack, fsck_of

DUMP = stored.HERE / "made_by_1d38cb3"
WITHIN_S = 30
LEFT_ALONE_FOR = {"BOOKING_LEASE_S": "5"}
"""Seconds after which a confirmation that was in hand is gone on with: 30 by default."""
IN_TWO_PLACES = "is in two places"
"""What the release of then let its own demo town do; nobody else may come to it."""
TOLD = [Told(**each) for each in stored.read_json(DUMP / "answers.json.gz")]
IN_HAND = stored.read_json(DUMP / "in_hand.json")


@pytest.fixture(scope="module")
def stack():
    with RestoredStack("releases", DUMP, LEFT_ALONE_FOR) as running:
        stood = {each for each in report.run(fsck.where(running)) if IN_TWO_PLACES in each}
        yield running
        assert fsck_of(running, known=stood) == []


@pytest.fixture(scope="module")
def entering(stack):
    """Logs somebody in with the password of then."""
    return lambda login: Person.logged_in(stack.gateway_url, login)


@pytest.fixture(scope="module", autouse=True)
def told_now(entering):
    """What the families are told before anybody does anything."""
    return [told_again(entering(told.login), told) for told in TOLD]


def test_whoever_was_logged_in_still_is(stack):
    person = Person(stack.gateway_url)
    person.http.headers["Authorization"] = f"Bearer {stack.origin.token}"
    assert person.session()["login"] == stack.origin.login


@pytest.mark.parametrize("number", range(len(TOLD)))
def test_a_family_is_told_what_the_older_release_told_it(told_now, number):
    assert list(no_longer_told(TOLD[number].answers, told_now[number])) == []


@pytest.mark.parametrize("begun", IN_HAND)
def test_what_the_older_release_had_in_hand_is_ended(entering, begun):
    booking_id, login = IN_HAND[begun]
    person = entering(login)
    eventually(lambda: person.state(booking_id) == "accepted", WITHIN_S)


def test_nothing_that_the_older_release_had_to_tell_waits(stack):
    with opened(stack) as databases:
        booking = databases["booking"]
        rows = [(databases[each]["outbox"], {"pending": {"$exists": True}}) for each in databases]
        events = [(booking[each], {"events.0": {"$exists": True}}) for each in ("seats", "confirmations")]
        letters = (databases["notify"]["messages"], {"state": "queued"})
        waiting = [*rows, *events, letters]
        eventually(lambda: not any(kept.find_one(query) for kept, query in waiting), WITHIN_S)


def test_a_family_gives_back_a_day_that_it_had_paid(entering):
    person, paid = somebody_with(entering, lambda each: is_ahead(each, "prepaid"))
    before = avoirs(person)
    [line] = person.cancel(paid["id"])["lines"]
    assert line["verdict"] == "cancelled"
    eventually(lambda: person.state(paid["id"]) == "cancelled", WITHIN_S)
    eventually(lambda: avoirs(person) > before, WITHIN_S)


def test_a_family_gives_back_a_day_that_was_to_be_invoiced(entering):
    person, expected = somebody_with(entering, lambda each: is_ahead(each, "invoiced"))
    [line] = person.cancel(expected["id"])["lines"]
    assert line["verdict"] == "cancelled"
    eventually(lambda: person.state(expected["id"]) == "cancelled", WITHIN_S)


def test_seats_that_were_held_can_be_paid(entering):
    person, held = somebody_with(entering, lambda each: each["state"] == "held")
    for due in person.get("/settlements/due")["data"]:
        person.pay(due["settlement_id"])
    eventually(lambda: person.state(held["id"]) == "accepted", WITHIN_S)


def test_a_family_books_a_day_that_was_open(entering):
    person = entering(TOLD[0].login)
    invoiced = {each["id"]: each for each in person.get("/activities")["data"] if is_invoiced(each)}
    reviews = (
        person.review(person.movement({"id": child_id}, invoiced[activity_id], day))
        for child_id, activity_id, day in open_days(TOLD[0])
        if activity_id in invoiced
    )
    review = next(each for each in reviews if each["bookings"][0]["expected"] == "accepted")
    [line] = person.confirm(review)["lines"]
    eventually(lambda: person.state(line["booking_id"]) == "accepted", WITHIN_S)


def test_a_dump_that_was_loaded_is_saved_again_as_it_was(stack, tmp_path):
    with opened(stack) as databases:
        again = {name: each.client[f"{name}-again"] for name, each in databases.items()}
        stored.load(DUMP, again)
        stored.save(again, tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (DUMP / path.name).read_bytes(), path.name
    assert len(list(tmp_path.iterdir())) == len(databases)


def somebody_with(entering, is_wanted):
    """Somebody who was asked then, and a booking of theirs that is wanted."""
    for login in dict.fromkeys(told.login for told in TOLD):
        person = entering(login)
        found = next(filter(is_wanted, person.bookings()), None)
        if found:
            return person, found
    raise AssertionError("nobody has such a booking")


def is_ahead(booking, mode):
    return booking["charging_mode"] == mode and booking["state"] == "accepted" and booking["cancellable"]


def is_invoiced(activity):
    return activity["name"].startswith("Accueil du soir")


def open_days(told):
    """Child, activity and day of every open day that was shown."""
    for path, answer in told.answers.items():
        if path.startswith("/calendar"):
            for series in answer["series"]:
                for day in series["days"]:
                    if day["state"] == "open":
                        yield series["child_id"], series["activity_id"], day["day"]


def avoirs(person):
    return sum(cents(note["left"]) for note in person.get("/credit-notes")["data"])
