"""Answering requests by a command, until agents answer them one by one."""

import pytest
from click.testing import CliRunner

from booking import commands
from chassis.testing import eventually
from tests.booking.commands.test_commands import BOOKINGS, seats_of
from tests.booking.conftest import FILES, movement, of_family

MONDAY, FRIDAY = "2026-11-16", "2026-11-20"


@pytest.fixture
def store(people, import_files):
    """A town whose evenings are for staff to decide, with two seats and one place in the queue."""
    on_request = FILES["activities"].replace("18:30;2;3;instant", "18:30;2;1;on_request")
    result = import_files(**{**FILES, "activities": on_request})
    assert result.exit_code == 0, result.output
    return people


def answer(*options):
    arguments = ["answer", "--organisation", "carteville", *options]
    return CliRunner().invoke(commands.main, arguments, catch_exceptions=False).output


def test_what_staff_granted_elsewhere_is_imported_as_granted(store, import_files, mongo_database):
    rows = [("zoe", "roy", "accepted"), ("leo", "roy", "accepted"), ("max", "martin", "waitlisted")]
    lines = "".join(
        f"{child};{family};soir;verne;{MONDAY};evening;{state}\n" for child, family, state in rows
    )
    result = import_files(bookings=BOOKINGS + lines)
    assert result.exit_code == 0, result.output
    day = seats_of(mongo_database, "soir", MONDAY)
    assert (len(day["taken"]), len(day["waiting"]), day["asked"]) == (2, 1, [])


def test_requests_are_answered_and_the_family_sees_how(booking):
    roy, martin = of_family("roy"), of_family("martin")
    said = booking.confirmed(
        roy,
        *(movement(child, "soir", MONDAY) for child in ("zoe", "leo")),
        movement("zoe", "soir", FRIDAY),
    )
    assert {line["verdict"] for line in said["lines"]} == {"requested"}
    booking.confirmed(martin, movement("max", "soir", MONDAY))

    assert answer("--refuse-on", "5") == "4 answers: 2 accepted, 1 refused, 1 waitlisted\n"
    eventually(
        lambda: (
            sorted(booking.states(roy)) == [(MONDAY, "accepted"), (MONDAY, "accepted"), (FRIDAY, "refused")]
        )
    )
    eventually(lambda: booking.states(martin) == [(MONDAY, "waitlisted")])
    assert answer("--refuse-on", "5") == "0 answers\n"


def test_a_cancellation_that_asks_first_is_agreed_to_and_the_queue_moves_up(booking):
    roy, martin = of_family("roy"), of_family("martin")
    said = booking.confirmed(roy, *(movement(child, "soir", MONDAY) for child in ("zoe", "leo")))
    booking.confirmed(martin, movement("max", "soir", MONDAY))
    answer()
    eventually(lambda: booking.states(martin) == [(MONDAY, "waitlisted")])
    eventually(lambda: {state for _, state in booking.states(roy)} == {"accepted"})

    leaving = booking.cancelled(roy, said["lines"][0]["booking_id"])
    assert [line["verdict"] for line in leaving["lines"]] == ["cancellation_requested"]
    assert answer() == "1 answers: 1 cancelled\n"
    eventually(lambda: sorted(s for _, s in booking.states(roy)) == ["accepted", "cancelled"])
    eventually(lambda: booking.states(martin) == [(MONDAY, "accepted")])
