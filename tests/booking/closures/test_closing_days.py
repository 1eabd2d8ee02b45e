"""Closing a day and opening it again, by an import or by an agent, whatever happens in between."""

import pytest

from booking.closures.doors import carry_on
from chassis.doors.call import call_of_timer
from chassis.running.failpoints import arm
from chassis.testing import eventually, person
from chassis.testing.doors import tools
from chassis.values.actor import Grant
from chassis.values.errors import Refused
from tests.booking.confirmations.test_confirming import MARTIN, MONDAY, ROY, paid, told
from tests.booking.conftest import TOWN, an_id, movement

HEADER = "centre_reference;starts_on;ends_on;name;kind;withdrawn\n"
SNOW = f"{HEADER};{MONDAY};{MONDAY};Neige;closure;\n"
THAW = SNOW.replace("closure;", "closure;yes")
AGENT = person(organisation_id=TOWN, account_id="agent", grants=(Grant("manager"),))


def days(booking):
    return list(booking.database.seats.find({"day": MONDAY}))


def letters(booking, name):
    """What each family was told under a name: how the bookings stood before."""
    rows = booking.database.outbox.find({"name": name})
    return sorted(sorted(line["was"] for line in row["data"]["lines"]) for row in rows)


def closing(booking):
    return booking.database.closings.find_one({"name": "Neige"}) or {}


@pytest.fixture
def monday(booking, clock):
    """Zoé's meal is paid and her evening accepted, Léo waits for the meal; all deadlines have passed."""
    meal = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    paid(booking, meal["id"], meal["lines"][0]["booking_id"])
    booking.confirmed(ROY, movement("zoe", "soir", MONDAY))
    booking.confirmed(MARTIN, movement("leo", "repas", MONDAY))
    assert eventually(lambda: booking.states(MARTIN) == [(MONDAY, "waitlisted")])
    clock.advance(days=6, hours=18)
    return meal


def closed(booking):
    return eventually(lambda: closing(booking).get("told") and closing(booking)["state"] == "closed")


def test_a_closure_cancels_everybody_in_time_however_late_and_tells_each_family_once(
    booking, monday, import_files
):
    for _ in range(2):  # the second changes nothing
        assert import_files(closures=SNOW).exit_code == 0
        assert closed(booking)
    assert letters(booking, "days_closed") == [["accepted", "accepted"], ["waitlisted"]]
    assert {state for _, state in booking.states(ROY) + booking.states(MARTIN)} == {"cancelled"}
    assert {each["data"]["in_time"] for each in told(booking, "booking_cancelled")} == {True}
    assert {slot["open"] for day in days(booking) for slot in day["slots"]} == {False}
    assert closing(booking)["version"] == 1


def test_the_calendar_says_that_the_day_is_closed_and_why(booking, monday, import_files):
    import_files(closures=SNOW)
    assert closed(booking)
    span = {"from_on": MONDAY, "to_on": MONDAY, "centre_id": None}
    asked = {"child_ids": [an_id("child", "zoe")], "activity_id": an_id("activity", "repas"), **span}
    seen = eventually(lambda: _named(booking.ask("get_calendar", ROY, **asked)))
    assert seen["series"][0]["days"][0]["state"] == "closed"


def _named(calendar):
    return calendar if calendar["days"][0]["closure"] == "Neige" else None


def test_a_payment_after_the_closing_gets_no_seat(booking, clock, import_files):
    held = booking.confirmed(ROY, movement("zoe", "repas", MONDAY))
    import_files(closures=SNOW)
    assert closed(booking)
    assert letters(booking, "days_closed") == [["held"]]
    paid(booking, held["id"], held["lines"][0]["booking_id"])
    assert eventually(lambda: len(told(booking, "seat_lost")) == 1)
    assert booking.states(ROY) == [(MONDAY, "cancelled")]


def test_a_closure_that_was_withdrawn_opens_the_day_empty_and_tells_the_same_families(
    booking, monday, import_files
):
    import_files(closures=SNOW)
    assert closed(booking)
    for _ in range(2):
        assert import_files(closures=THAW).exit_code == 0
        assert eventually(lambda: closing(booking)["told"] and closing(booking)["state"] == "open")
    assert letters(booking, "days_opened") == [["accepted", "accepted"], ["waitlisted"]]
    assert {slot["open"] for day in days(booking) for slot in day["slots"]} == {True}
    assert [part for day in days(booking) for part in day["taken"] + day["waiting"]] == []
    assert {state for _, state in booking.states(ROY)} == {"cancelled"}
    assert booking.database.days_off.count_documents({"name": "Neige"}) == 0


def test_a_closure_of_days_that_are_over_cancels_nothing(booking, monday, clock, import_files):
    clock.advance(days=2)
    import_files(closures=SNOW)
    assert closing(booking) == {}
    assert (MONDAY, "accepted") in booking.states(ROY)


def an_agent_closes(booking, **changes):
    asked = {"centre_id": None, "starts_on": MONDAY, "ends_on": MONDAY, "name": "Neige", "reason": "Verglas"}
    return booking.ask("close_days", AGENT, **{**asked, "version": 0, **changes})["closing"]


def test_an_agent_closes_days_as_they_were_seen_and_opens_them_again(booking, monday):
    shut = an_agent_closes(booking)
    with pytest.raises(Refused, match="conflict"):
        an_agent_closes(booking)
    assert closed(booking)
    listed = booking.ask("list_closings", AGENT)["data"]
    assert [(each["name"], each["state"]) for each in listed if each["id"] == shut["id"]] == [
        ("Neige", "closed")
    ]
    stale = {"closing_id": shut["id"], "reason": "Dégel"}
    with pytest.raises(Refused, match="conflict"):
        booking.ask("open_days", AGENT, version=0, **stale)
    assert booking.ask("open_days", AGENT, version=1, **stale)["closing"]["state"] == "opening"
    assert eventually(lambda: closing(booking)["state"] == "open")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"centre_id": "nowhere"}, "not_found"),
        ({"starts_on": "2026-11-02", "ends_on": "2026-11-03"}, "conflict"),
    ],
)
def test_an_agent_closes_what_there_is_and_is_not_over(booking, changes, code):
    with pytest.raises(Refused, match=code):
        an_agent_closes(booking, **changes)


def test_nobody_opens_what_was_never_closed(booking):
    with pytest.raises(Refused, match="not_found"):
        booking.ask("open_days", AGENT, closing_id="none", version=0, reason="x")


def test_a_family_closes_nothing(booking):
    with pytest.raises(Refused, match="forbidden"):
        booking.ask("list_closings", ROY)


@pytest.mark.parametrize("place", ["after_day=raise@1", "after_day=raise@2", "before_telling=raise@1"])
def test_a_closing_that_broke_anywhere_is_carried_on_and_told_once(booking, monday, place):
    arm(f"booking.closings.{place}")
    an_agent_closes(booking)
    assert closed(booking)
    assert letters(booking, "days_closed") == [["accepted", "accepted"], ["waitlisted"]]
    assert len(told(booking, "booking_cancelled")) == 3


def test_two_copies_of_the_service_that_carry_on_at_once_tell_each_family_once(booking, monday, clock):
    an_agent_closes(booking)
    means = tools("booking", stores=booking.store.by_kind, clock=clock)
    for _ in range(3):
        carry_on(call_of_timer(means))
    assert closed(booking)
    assert letters(booking, "days_closed") == [["accepted", "accepted"], ["waitlisted"]]
