"""The whole suite in containers: it comes up, serves a family, holds its invariants, and starts again."""

import pytest
import requests

from chassis.testing.waiting import eventually
from deploy.local.layout import CALLERS
from tests.images.conftest import ADDRESS
from tests.journeys.people import TIMEOUT_S, Person

LOGIN = "karine.valbonne3@carteville.example"
CANTEEN = "Restauration scolaire"
MAILS = "http://127.0.0.1:8025/api/messages"
WAIT_S = 120
PATIENT_S = "120"
"""Before a program is killed that was told to end; how soon it ends is measured elsewhere."""


@pytest.fixture(scope="session")
def booked(towns):
    """A family that booked a day of canteen and paid it: (the person, the booking's id, the receipt, mails).

    The mails are read here, by their subjects: who catches them forgets them when everything is stopped.
    """
    person = Person.logged_in(ADDRESS, LOGIN)
    child, canteen = next(
        (child, activity)
        for child in person.children()
        for activity in person.get("/activities")["data"]
        if activity["name"].startswith(CANTEEN) and person.free_days(child, activity)
    )
    day = person.free_days(child, canteen)[-1]
    confirmation = person.book(person.movement(child, canteen, day))
    payment = person.pay(confirmation["id"])
    [line] = confirmation["lines"]
    eventually(lambda: person.state(line["booking_id"]) == "accepted", WAIT_S)
    receipt = person.payment(payment["id"])["receipt_number"]

    def mailed():
        found = requests.get(MAILS, {"to": person.login}, timeout=TIMEOUT_S).json()["data"]
        subjects = [mail["subject"] for mail in found]
        assert any(receipt in subject for subject in subjects), subjects
        return subjects

    return person, line["booking_id"], receipt, eventually(mailed, WAIT_S)


def test_every_program_is_healthy_and_the_database_was_made_ready(suite):
    assert suite.ailing() == []
    assert suite.inspect("database")["State"]["ExitCode"] == 0


def test_a_family_logs_in_books_a_day_and_pays_it(booked):
    person, booking, *_ = booked
    assert person.state(booking) == "accepted"


def test_the_receipt_is_mailed(booked):
    _, _, receipt, subjects = booked
    assert [subject for subject in subjects if receipt in subject]


def test_all_invariants_hold_inside(suite, booked):
    eventually(lambda: "all invariants hold" in suite.run("fsck"), WAIT_S)


def test_what_was_booked_is_there_after_everything_was_stopped_and_started(suite, booked):
    person, booking, *_ = booked
    before = person.bookings()
    suite.compose("stop", "--timeout", PATIENT_S)
    assert all(not suite.inspect(name)["State"]["Running"] for name in suite.running_for_good())
    # 137 would be a program that had to be killed
    assert {name: suite.inspect(name)["State"]["ExitCode"] for name in CALLERS} == dict.fromkeys(CALLERS, 0)
    suite.compose("start")
    suite.wait_healthy()
    again = Person.logged_in(ADDRESS, LOGIN)
    assert again.bookings() == before
    assert again.state(booking) == "accepted"
    eventually(lambda: "all invariants hold" in suite.run("fsck"), WAIT_S)
