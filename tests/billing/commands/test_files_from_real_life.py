"""Files of prices and of what was paid with faults: exactly the faulty lines are left out."""

import pytest
from click.testing import CliRunner

from billing.commands.__main__ import main
from tests.contracts.hostile_files import BAD, KINDS, LINES, hostile_file
from tests.contracts.import_tables import TABLES

KEPT_IN = {
    "cash_offices.csv": "cash_offices",
    "wallets.csv": "wallets",
    "tariffs.csv": "tariffs",
    "paid_bookings.csv": "charges",
}
MINE = {table.file: table for table in TABLES if table.file in KEPT_IN}
GOOD = {
    "cash_offices": "reference;name\nR1;R\u00e9gie\n",
    "wallets": "reference;name;activity_group;cash_office_reference;mode\nW1;Loisirs;Loisirs;R1;prepaid\n",
}
TARIFFS = "activity_reference;price_cents;valid_from;valid_to\n"


@pytest.fixture
def run(store, tmp_path):
    def invoke(*options, **files):
        for name, content in {**GOOD, **files}.items():
            (tmp_path / f"{name}.csv").write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        command = ["import", str(tmp_path), "--organisation", "carteville", *options]
        return CliRunner().invoke(main, command, catch_exceptions=False)

    return invoke


def faulty(result, file):
    begin = f"{file}, line "
    lines = (line for line in result.output.splitlines() if line.startswith(begin))
    return {int(line.removeprefix(begin).partition(",")[0]) for line in lines}


def contents(database):
    return {name: list(database[name].find()) for name in sorted(database.list_collection_names())}


@pytest.mark.parametrize("file", MINE)
def test_of_400_lines_with_40_faults_360_are_kept(run, store, file):
    hostile = hostile_file(MINE[file], *KINDS)
    result = run(**{file.removesuffix(".csv"): hostile.content})
    assert faulty(result, file) == hostile.bad
    assert store.database[KEPT_IN[file]].count_documents({}) == LINES - BAD


def test_a_dry_run_says_what_the_import_says_and_keeps_nothing(run, store, books):
    run()
    before = contents(store.database)
    files = {
        "tariffs": f"{TARIFFS}danse;4,50;2027-01-01;\ndanse;450;2027-01-01;\n",
        "paid_bookings": hostile_file(MINE["paid_bookings.csv"], *KINDS).content,
    }
    tried = run("--dry-run", **files)
    assert contents(store.database) == before
    done = run(**files)
    assert tried.output.replace("This was a dry run: nothing was kept.\n", "") == done.output
    assert store.database["charges"].count_documents({}) == LINES - BAD
    assert books.check() == []


def test_the_second_price_of_an_activity_from_one_day_is_a_fault(run, store):
    result = run(tariffs=f"{TARIFFS}cantine;391;2027-01-01;\ncantine;392;01/01/2027;\n")
    assert faulty(result, "tariffs.csv") == {3}
    assert [each["price_cents"] for each in store.database["tariffs"].find()] == [391]


@pytest.mark.parametrize("price", ["4,50", "4.50", "4,5 \u20ac"])
def test_a_price_in_euros_is_never_taken_for_cents(run, store, price):
    assert (
        f"Expected whole cents: 450 for {price}." in run(tariffs=f"{TARIFFS}a;{price};2027-01-01;\n").output
    )
    assert store.database["tariffs"].count_documents({}) == 0
