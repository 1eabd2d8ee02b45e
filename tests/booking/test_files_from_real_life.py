"""Files of an offer and of bookings with faults: exactly the faulty lines are left out."""

import pytest
from click.testing import CliRunner

from booking import commands
from booking.copies.model import Child
from tests.booking.conftest import FILES, NOW, TOWN, an_id
from tests.contracts.hostile_files import BAD, KINDS, LINES, hostile_file
from tests.contracts.import_tables import TABLES

NAMES = ("centres.csv", "activities.csv", "periods.csv", "holidays.csv", "closures.csv", "bookings.csv")
MINE = {table.file: table for table in TABLES if table.file in NAMES}
CENTRE = "reference;name\nL1;\u00c9cole\n"
PERIOD = "reference;name;centre_references;starts_on;ends_on;opens_on;closes_on\n"
BOOKINGS = "child_reference;family_reference;activity_reference;centre_reference;day;day_part;state\n"


@pytest.fixture
def run(people, mongo_database, tmp_path, clock, monkeypatch):
    monkeypatch.setattr(commands, "Clock", lambda: clock)

    def invoke(*options, **files):
        for name, content in files.items():
            (tmp_path / f"{name}.csv").write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        command = ["import", str(tmp_path), "--organisation", "carteville", "--wait", "0", *options]
        return CliRunner().invoke(commands.main, command, catch_exceptions=False)

    return invoke


def faulty(result, file):
    begin = f"{file}, line "
    lines = (line for line in result.output.splitlines() if line.startswith(begin))
    return {int(line.removeprefix(begin).partition(",")[0]) for line in lines}


def contents(database):
    return {
        name: list(database[name].find().sort("_id", 1)) for name in sorted(database.list_collection_names())
    }


@pytest.mark.parametrize("file", [name for name in NAMES if name != "bookings.csv"])
def test_of_400_lines_with_40_faults_360_are_kept(run, mongo_database, file):
    hostile = hostile_file(MINE[file], *KINDS)
    kind = file.removesuffix(".csv")
    result = run(**{"centres": CENTRE, kind: hostile.content})
    assert faulty(result, file) == hostile.bad
    kept_in = "days_off" if kind in ("holidays", "closures") else kind
    assert mongo_database[kept_in].count_documents({}) == LINES - BAD


def test_of_400_bookings_with_40_faults_360_are_kept(run, people, of_town, mongo_database):
    activity = MINE["activities.csv"].good(1) | {"capacity": "", "age_min": "", "age_max": ""}
    for number in range(1, LINES + 1):
        child = Child(
            an_id("child", f"C{number}"), TOWN, (an_id("family", "F1"),), "Zo\u00e9", "Roy", NOW.date()
        )
        people.children.keep(of_town, child, 1)
    hostile = hostile_file(MINE["bookings.csv"], *KINDS)
    result = run(
        centres=CENTRE,
        activities=f"{';'.join(activity)}\n{';'.join(activity.values())}\n",
        periods=f"{PERIOD}p;Hiver;L1;2027-01-04;2027-02-12;;\n",
        bookings=hostile.content,
    )
    assert faulty(result, "bookings.csv") == hostile.bad
    days = mongo_database["seats"].find({"organisation_id": TOWN})
    assert sum(len(day["taken"]) for day in days) == LINES - BAD


def test_a_dry_run_says_what_the_import_says_and_keeps_nothing(run, mongo_database):
    before = contents(mongo_database)
    rows = "zoe;roy;soir;verne;2026-11-16;evening;accepted\nmax;martin;repas;verne;2026-11-16;noon;accepted\n"
    full = "leo;roy;repas;verne;2026-11-16;noon;accepted\nnobody;roy;soir;verne;2026-11-16;evening;accepted\n"
    files = {**FILES, "bookings": BOOKINGS + rows + full}
    tried = run("--dry-run", **files)
    assert contents(mongo_database) == before
    done = run(**files)
    assert tried.output.replace("This was a dry run: nothing was kept.\n", "") == done.output
    assert faulty(done, "bookings.csv") == {4, 5}
    assert contents(mongo_database) != before


@pytest.mark.parametrize(
    ("file", "change", "column"),
    [
        ("periods", ("2026-10-01;2026-12-18", "2027-01-20;2027-01-10"), "closes_on"),
        ("periods", ("2026-11-02;2026-12-18", "2026-12-18;2026-11-02"), "ends_on"),
        ("activities", ("yes;2;12", "yes;11;3"), "age_max"),
        ("activities", ("16:30;18:30", "18:30;16:30"), "leaves_at"),
        ("activities", ("18:30;2;3", "18:30;-2;3"), "capacity"),
        ("closures", ("2026-12-04;2026-12-04", "2026-12-04;2026-12-03"), "ends_on"),
    ],
)
def test_a_range_that_is_upside_down_is_a_fault_of_its_column(run, file, change, column):
    result = run(**{**FILES, file: FILES[file].replace(*change)})
    assert f"{file}.csv, line 2, {column}: " in result.output
    assert result.exit_code == 1
