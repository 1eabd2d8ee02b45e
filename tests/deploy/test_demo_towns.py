"""The demo towns as files: what the issue promises of them, on whatever day the demo is made."""

import csv
import itertools
from datetime import date

import pytest

from deploy.demo import carteville, town, valmont
from deploy.demo.people import FAMILY_NAMES
from deploy.demo.year import school_year

DAYS = [date(2026, 11, 21), date(2027, 1, 1), date(2027, 7, 20), date(2028, 2, 29), date(2033, 12, 25)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def today(request):
    return request.param


@pytest.fixture(scope="module")
def files(today, tmp_path_factory):
    directory = tmp_path_factory.mktemp("town")
    town.write(carteville.TOWN, directory, today)
    return {path.stem: rows(path) for path in directory.glob("*.csv")}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def column(table, name):
    return [row[name] for row in table]


def test_carteville_has_the_size_it_is_known_for(files):
    sizes = {name: len(files[name]) for name in ("families", "children", "centres", "activities")}
    assert sizes == {"families": 200, "children": 350, "centres": 4, "activities": 12}


def test_every_reference_in_a_file_is_one_of_another_file(files):
    families, children = (
        set(column(files["families"], "reference")),
        set(column(files["children"], "reference")),
    )
    activities = set(column(files["activities"], "reference"))
    assert {
        ref for refs in column(files["children"], "family_references") for ref in refs.split("|")
    } <= families
    assert set(column(files["guardians"], "family_reference")) == families
    for name in ("enrolments", "bookings", "paid_bookings"):
        assert set(column(files[name], "child_reference")) <= children
        assert set(column(files[name], "activity_reference")) <= activities
    assert set(column(files["tariffs"], "activity_reference")) == activities


def test_no_child_is_booked_or_waits_in_two_places_at_once(files):
    hours = {row["reference"]: (row["arrives_at"], row["leaves_at"]) for row in files["activities"]}
    days = {}
    for row in files["bookings"]:
        days.setdefault((row["child_reference"], row["day"]), []).append(hours[row["activity_reference"]])
    for each in days.values():
        for (_, leaves_at), (arrives_at, _) in itertools.pairwise(sorted(each)):
            assert leaves_at <= arrives_at


def test_periods_follow_each_other_without_a_gap_or_an_overlap(files):
    spans = sorted((row["starts_on"], row["ends_on"]) for row in files["periods"])
    for (_, ends_on), (starts_on, _) in itertools.pairwise(spans):
        assert (date.fromisoformat(starts_on) - date.fromisoformat(ends_on)).days == 1


def test_no_day_is_sold_beyond_its_seats_and_people_wait_only_for_full_ones(files):
    capacity = {row["reference"]: row["capacity"] for row in files["activities"]}
    taken: dict[tuple[str, str], int] = {}
    for row in files["bookings"]:
        if row["state"] == "accepted":
            key = (row["activity_reference"], row["day"])
            taken[key] = taken.get(key, 0) + 1
    assert all(count <= int(capacity[activity] or count) for (activity, _), count in taken.items())
    for row in files["bookings"]:
        if row["state"] == "waitlisted":
            assert taken[row["activity_reference"], row["day"]] == int(capacity[row["activity_reference"]])


def test_nobody_waits_for_a_day_that_has_begun(files, today):
    assert all(row["day"] > str(today) for row in files["bookings"] if row["state"] == "waitlisted")


def test_a_school_year_has_its_holidays_on_any_day_of_any_year():
    for day in DAYS:
        assert len(school_year(day).breaks) == 4
        assert len(school_year(day).terms) == 5


def test_two_families_of_carteville_belong_to_valmont_too():
    here = {family.guardians[0].email for family in carteville.TOWN.families(DAYS[0])}
    there = {family.guardians[0].email for family in valmont.TOWN.families(DAYS[0])}
    assert len(here & there) == 2


def test_logins_are_unique_and_people_are_invented_from_lists():
    families = carteville.TOWN.families(DAYS[0])
    assert len({family.guardians[0].email for family in families}) == 200
    assert {family.name for family in families} <= set(FAMILY_NAMES)
