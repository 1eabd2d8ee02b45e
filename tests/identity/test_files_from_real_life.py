"""Files of organisations and accounts with faults: exactly the faulty lines are left out."""

import pytest
from click.testing import CliRunner

from chassis.values.ids import named_id
from chassis.values.scope import Scope
from identity import commands
from identity.copies.model import Family
from identity.copies.store import FamilyStore
from identity.organisations.imports import organisation_id
from tests.contracts.hostile_files import BAD, KINDS, LINES, hostile_file
from tests.contracts.import_tables import TABLES

MINE = {table.file: table for table in TABLES if table.file in ("organisations.csv", "accounts.csv")}
TOWNS = "slug;name;time_zone\ncarteville;Mairie;Europe/Paris\n"
HEAD = "login;password;first_name;last_name;organisation;family_reference;roles\n"
PASSWORD = "soleil-marelle-42"


@pytest.fixture
def run(mongo_database, tmp_path, monkeypatch):
    monkeypatch.setenv("IDENTITY_PEPPER", "a pepper for the tests only")
    monkeypatch.setenv("IDENTITY_ARGON2_MEMORY_KIB", "8")
    monkeypatch.setenv("IDENTITY_ARGON2_TIME_COST", "1")
    (tmp_path / "organisations.csv").write_text(TOWNS, encoding="utf-8")

    def invoke(*options, **files):
        for name, content in files.items():
            (tmp_path / f"{name}.csv").write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        return CliRunner().invoke(commands.main, ["import", str(tmp_path), *options], catch_exceptions=False)

    return invoke


def faulty(result, file):
    begin = f"{file}, line "
    lines = (line for line in result.output.splitlines() if line.startswith(begin))
    return {int(line.removeprefix(begin).partition(",")[0]) for line in lines}


@pytest.mark.parametrize("file", MINE)
def test_of_400_lines_with_40_faults_360_are_kept(run, mongo_database, file):
    hostile = hostile_file(MINE[file], *KINDS)
    kind = file.removesuffix(".csv")
    result = run(**{kind: hostile.content})
    assert (result.exit_code, faulty(result, file)) == (1, hostile.bad)
    assert mongo_database[kind].count_documents({}) == LINES - BAD


def test_a_dry_run_says_what_the_import_says_and_keeps_nothing(run, mongo_database):
    accounts = f"{HEAD}a@x.example;{PASSWORD};A;A;carteville;F1;\nb@x.example;court;B;B;carteville;F1;\n"
    tried = run("--dry-run", accounts=accounts)
    assert {
        name: mongo_database[name].count_documents({}) for name in mongo_database.list_collection_names()
    } == {}
    done = run()
    assert tried.output.replace("This was a dry run: nothing was kept.\n", "") == done.output
    assert mongo_database["accounts"].count_documents({}) == 1


def test_a_membership_that_stands_twice_is_a_fault_and_others_of_one_login_are_not(run, mongo_database):
    rows = [
        ";A;carteville;F1;",
        ";A;carteville;F2;",
        ";A;carteville;;desk",
        ";B;carteville;F1;",
        ";A;carteville;;admin",
    ]
    lines = "".join(f"A@x.example;{PASSWORD}{row.replace(';', ';A;', 1)}\n" for row in rows)
    result = run(accounts=HEAD + lines)
    assert faulty(result, "accounts.csv") == {5, 6}
    assert "line 5, row: Stands already on line 2." in result.output
    assert len(mongo_database["accounts"].find_one()["memberships"]) == 3


def test_an_account_of_a_family_that_nobody_heard_of_is_kept_with_a_warning(run, mongo_database):
    lines = "".join(f"{each}@x.example;{PASSWORD};A;A;carteville;{each};\n" for each in ("f1", "F2"))
    assert (
        "warning: accounts.csv: none of its families is known here yet" in run(accounts=HEAD + lines).output
    )
    town = organisation_id("carteville")
    known = Family(named_id(town, "family", "F2"), town, "Roy")
    FamilyStore(mongo_database).keep_family(Scope(town), known, 1)
    result = run()
    assert result.exit_code == 0
    assert "warning: accounts.csv, line 2, family_reference: No family is called so here yet" in result.output
    assert "line 3" not in result.output


@pytest.mark.parametrize("login", ["zo\u00e9@x.example", "a..b@x.example", "a\u200bb", "a@localhost"])
def test_a_login_to_which_no_link_can_be_sent_is_refused(run, mongo_database, login):
    result = run(accounts=f"{HEAD}{login};{PASSWORD};A;A;carteville;F1;\n")
    assert faulty(result, "accounts.csv") == {2}
