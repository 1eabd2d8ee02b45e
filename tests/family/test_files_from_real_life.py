"""Files with faults: exactly the faulty lines are left out, tried before, mended and sent again."""

import pytest
from click.testing import CliRunner

from chassis.values.tables import read_table
from family import commands
from tests.contracts.hostile_files import BAD, KINDS, LINES, hostile_file
from tests.contracts.import_tables import TABLES
from tests.family.conftest import FILES

MINE = {
    table.file: table
    for table in TABLES
    if table.file in ("families.csv", "guardians.csv", "children.csv", "guardianships.csv", "enrolments.csv")
}
GOOD = {
    "families.csv": "reference;name\n" + "".join(f"F{n};Roy\n" for n in range(1, LINES + 1)),
    "guardians.csv": "reference;family_reference;first_name;last_name\nG1;F1;Ana;Roy\n",
    "children.csv": "reference;family_references;first_name;last_name;birth_on\n"
    + "".join(f"C{n};F1;Zo\u00e9;Roy;2019-05-02\n" for n in range(1, LINES + 1)),
}


def run(*arguments):
    command = [*map(str, arguments), "--organisation", "carteville"]
    return CliRunner().invoke(commands.main, ["import", *command], catch_exceptions=False)


def faulty(result, file):
    begin = f"{file}, line "
    lines = (line for line in result.output.splitlines() if line.startswith(begin))
    return {int(line.removeprefix(begin).partition(",")[0]) for line in lines}


def contents(database):
    return {name: list(database[name].find()) for name in sorted(database.list_collection_names())}


@pytest.fixture
def directory(tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    for name, text in GOOD.items():
        (files / name).write_text(text, encoding="utf-8")
    return files


@pytest.mark.parametrize("file", MINE)
def test_of_400_lines_with_40_faults_360_are_kept(mongo_database, directory, file):
    hostile = hostile_file(MINE[file], *KINDS)
    (directory / file).write_bytes(hostile.content)
    result = run(directory)
    assert result.exit_code == 1
    assert faulty(result, file) == hostile.bad
    assert f"left out of {file}: {BAD}\n" in result.output
    kind = file.removesuffix(".csv")
    assert mongo_database[kind].count_documents({}) >= LINES - BAD


def test_a_dry_run_says_what_the_import_says_and_keeps_nothing(mongo_database, directory):
    run(directory)
    before = contents(mongo_database)
    (directory / "children.csv").write_bytes(hostile_file(MINE["children.csv"], *KINDS).content)
    (directory / "guardianships.csv").write_text("guardian_reference;child_reference;sees\nG1;C7;non\n")
    (directory / "enrolments.csv").write_text(FILES["enrolments"], encoding="utf-8")
    tried = run(directory, "--dry-run")
    assert contents(mongo_database) == before
    done = run(directory)
    assert tried.output.replace("This was a dry run: nothing was kept.\n", "") == done.output
    assert (tried.exit_code, done.exit_code) == (1, 1)
    assert contents(mongo_database) != before


def test_a_dry_run_before_the_first_import_knows_what_its_own_files_bring(mongo_database, directory):
    result = run(directory, "--dry-run")
    assert result.exit_code == 0
    assert f" families and guardians changed, {LINES} children changed" in result.output
    assert mongo_database["children"].count_documents({}) == 0


def test_lines_left_out_are_written_out_mended_and_sent_again(mongo_database, directory, tmp_path):
    (directory / "children.csv").write_text(
        "reference;family_references;first_name;last_name;birth_on\n"
        "C1;F1;Zo\u00e9;Roy;2019-05-02\nC2;F999;L\u00e9o;Roy;2019-05-02\nC3;F1;Max;Roy;5/13/2019\n",
        encoding="utf-8",
    )
    errors = tmp_path / "errors"
    result = run(directory, "--errors", errors)
    assert f"to be mended: {errors / 'children.csv'}" in result.output
    mended = (errors / "children.csv").read_text(encoding="utf-8-sig")
    assert mended.splitlines()[1].startswith("C2;F999;L\u00e9o;Roy;2019-05-02;3;family_references: ")
    text = mended.replace("F999", "F1").replace("5/13/2019", "13/05/2019")
    (errors / "children.csv").write_text(text, encoding="utf-8-sig")
    again = run(errors)
    assert (again.exit_code, mongo_database["children"].count_documents({})) == (0, 3)


def test_the_lines_left_out_are_written_into_a_directory_of_their_own(mongo_database, directory):
    result = run(directory, "--errors", directory)
    assert result.exit_code == 2
    assert "is not empty" in result.output
    assert mongo_database["families"].count_documents({}) == 0


def test_what_is_written_out_is_a_table_of_the_same_columns(mongo_database, directory, tmp_path):
    (directory / "children.csv").write_bytes(hostile_file(MINE["children.csv"], *KINDS).content)
    run(directory, "--errors", tmp_path / "errors")
    rows, faults = read_table(tmp_path / "errors" / "children.csv", MINE["children.csv"].schema())
    assert len(rows) + len({fault.line for fault in faults}) == BAD
