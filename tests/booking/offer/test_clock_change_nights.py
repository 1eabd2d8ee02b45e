"""The nights in which clocks change, in the running service: an hour comes twice, or not at all.

Which instant a deadline means is in the table of docs/rules/deadlines.md; here families meet it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.copies.model import Organisation
from chassis.testing import FrozenClock, eventually
from tests.booking.conftest import FILES, TOWN, movement, of_family

ROY, MARTIN = of_family("roy"), of_family("martin")
HOLD = timedelta(seconds=1500)
SECOND = timedelta(seconds=1)
OFFER = {
    **FILES,
    "activities": (
        "reference;name;group;centre_references;day_part;arrives_at;leaves_at;capacity;waiting_max;decision_mode;"
        "charging_mode;needs_enrolment;age_min;age_max;weekdays;on;booking_deadline;cancelling_deadline\n"
        "repas;Repas;Restauration;verne;noon;12:00;13:20;1;2;instant;prepaid;no;;;1|2|4|5;school_days;"
        "1 day before 02:30;1 day before 02:30\n"
        "sport;Sport;Sport;abris;evening;17:00;18:00;9;0;instant;prepaid;no;6;11;1|4;school_days;"
        "2 hours;2 hours\n"
    ),
    "periods": (
        "reference;name;centre_references;starts_on;ends_on;opens_on;closes_on\n"
        "p1;Automne;verne|abris;2026-10-01;2026-12-18;2026-09-01;2026-12-18\n"
        "p2;Printemps;verne|abris;2027-03-01;2027-04-30;2026-12-01;2027-04-30\n"
    ),
}
# Zone, the Monday after the night, when clocks change, and when it is too late (and what clocks show then).
NIGHTS = [
    ("Europe/Paris", "2026-10-26", "2026-10-25T01:00Z", "2026-10-25T00:30Z"),  # 02:30, and soon once more
    ("Europe/Paris", "2027-03-29", "2027-03-28T01:00Z", "2027-03-28T01:30Z"),  # 03:30: there is no 02:30
    ("America/Miquelon", "2026-11-02", "2026-11-01T04:00Z", "2026-11-01T05:30Z"),  # 02:30, for the only time
    ("America/Miquelon", "2027-03-15", "2027-03-14T05:00Z", "2027-03-14T05:30Z"),  # 03:30
    ("America/Martinique", "2026-10-26", "2026-10-25T01:00Z", "2026-10-25T06:30Z"),  # 02:30: no change there
    ("America/Martinique", "2027-03-29", "2027-03-28T01:00Z", "2027-03-28T06:30Z"),  # 02:30
]


@dataclass(frozen=True)
class Night:
    zone: ZoneInfo
    monday: str
    changes_at: datetime
    closes_at: datetime


@pytest.fixture(params=NIGHTS, ids=lambda night: f"{night[0]} before {night[1]}")
def night(request):
    zone, monday, changes_at, closes_at = request.param
    return Night(
        ZoneInfo(zone), monday, datetime.fromisoformat(changes_at), datetime.fromisoformat(closes_at)
    )


@pytest.fixture
def clock(night):
    return FrozenClock((min(night.changes_at, night.closes_at) - timedelta(hours=1)).isoformat())


@pytest.fixture
def until(clock):
    """Let the time come to an instant."""
    return lambda instant: clock.advance(seconds=(instant - clock.now()).total_seconds())


@pytest.fixture
def store(people, of_town, import_files, night):
    people.organisations.keep(
        of_town, Organisation(TOWN, "carteville", "Carteville", night.zone.key, "fr"), 2
    )
    result = import_files(**OFFER)
    assert result.exit_code == 0, result.output
    return people


@pytest.fixture(autouse=True)
def prices_that_stand(billing, night):
    billing.expires_at = night.closes_at + timedelta(days=2)


def expected(booking, family, *movements):
    [line] = booking.reviewed(family, *movements)["bookings"]
    return line["expected"], line["reason"]


def test_a_family_is_in_time_up_to_the_instant_and_too_late_ever_after(booking, until, night):
    meal = movement("max", "repas", night.monday)
    until(night.closes_at - SECOND)
    assert expected(booking, MARTIN, meal) == ("held", None)
    for later in (
        timedelta(),
        timedelta(minutes=59),
        timedelta(hours=1),
    ):  # clocks may show the same once more
        until(night.closes_at + later)
        assert expected(booking, MARTIN, meal) == ("refused", "past_deadline")


def test_a_seat_is_held_for_as_long_as_in_any_other_night(booking, until, night):
    asked_at = night.changes_at - timedelta(minutes=10)
    until(asked_at)
    confirmation = booking.confirmed(ROY, movement("zoe", "sport", night.monday))
    assert datetime.fromisoformat(confirmation["payment"]["held_until"]) == asked_at + HOLD
    assert eventually(lambda: booking.states(ROY) == [(night.monday, "held")])
    until(asked_at + HOLD - SECOND)
    with pytest.raises(AssertionError):  # the sweeper comes by several times a second
        eventually(lambda: booking.states(ROY) != [(night.monday, "held")], timeout_s=1.5)
    until(asked_at + HOLD + SECOND)
    assert eventually(lambda: booking.states(ROY) == [(night.monday, "expired")])


def test_two_hours_before_the_slot_are_two_hours_though_the_day_had_23_or_25(booking, until, night):
    starts_at = datetime.fromisoformat(f"{night.monday}T17:00").replace(tzinfo=night.zone)
    sport = movement("max", "sport", night.monday)
    until(starts_at.astimezone(UTC) - timedelta(hours=2) - SECOND)
    assert expected(booking, MARTIN, sport) == ("held", None)
    until(starts_at.astimezone(UTC) - timedelta(hours=2))
    assert expected(booking, MARTIN, sport) == ("refused", "past_deadline")
