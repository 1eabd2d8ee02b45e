"""Of 400 lines with 40 faults of a kind exactly those 40 are named and 360 kept, whichever file it is."""

import pytest

from chassis.values.tables import first_of_each, read_table, write_faulty_lines
from tests.contracts.hostile_files import BAD, KINDS, LINES, hostile_file
from tests.contracts.import_tables import TABLES

FILES = {table.file: table for table in TABLES}
SENT_AGAIN = [kind for kind in KINDS if "quote" not in kind]


def read(path, table):
    rows, faults = read_table(path, table.schema())
    first, doubles = first_of_each(rows, table.key)
    return first, [*faults, *doubles]


EVERY_KIND = "all kinds in turn"


@pytest.mark.parametrize(
    ("file", "kind"), [*((file, EVERY_KIND) for file in FILES), *(("children.csv", kind) for kind in KINDS)]
)
def test_exactly_the_faulty_lines_are_named_and_all_others_kept(tmp_path, file, kind):
    judge(tmp_path, FILES[file], *(KINDS if kind == EVERY_KIND else [kind]))


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("file", FILES)
def test_exactly_the_faulty_lines_of_each_kind_are_named_whichever_file_it_is(tmp_path, file, kind):
    judge(tmp_path, FILES[file], kind)


def judge(tmp_path, table, *kinds):
    file, hostile = table.file, hostile_file(table, *kinds)
    (tmp_path / file).write_bytes(hostile.content)
    rows, faults = read(tmp_path / file, table)
    assert {fault.line for fault in faults} == hostile.bad
    assert [row.line for row in rows] == [*hostile.good]
    assert (len(hostile.bad), len(rows)) == (BAD, LINES - BAD)


@pytest.mark.parametrize("file", FILES)
def test_the_faulty_lines_are_written_out_and_are_whole_once_they_are_mended(tmp_path, file):
    table = FILES[file]
    hostile = hostile_file(table, *KINDS)
    (tmp_path / file).write_bytes(hostile.content)
    rows, faults = read(tmp_path / file, table)
    (written,) = write_faulty_lines(tmp_path, faults, tmp_path / "errors")
    text = written.read_text(encoding="utf-8-sig")
    again = text.splitlines()
    assert again[0] == ";".join([*table.good(1), "line", "reason"])
    numbers = [line.rsplit(";", 1)[0] for line in again[1:]]
    assert len(numbers) >= BAD
    mended = [table.good(1000 + number) for number in range(BAD)]
    for number, cells in enumerate(mended):
        again[number + 1] = ";".join([*cells.values(), str(number), "mended"])
    written.write_text("\n".join(again[: BAD + 1]), encoding="utf-8-sig")
    assert len(read(written, table)[0]) == BAD
    assert len(rows) == LINES - BAD


@pytest.mark.parametrize("file", FILES)
def test_a_line_that_is_sent_again_unmended_is_a_fault_again(tmp_path, file):
    table = FILES[file]
    kinds = [kind for kind in SENT_AGAIN if "twice" not in kind]
    (tmp_path / file).write_bytes(hostile_file(table, *kinds).content)
    sent = tmp_path / file
    for kept in (LINES - BAD, 0, 0):
        rows, faults = read(sent, table)
        assert (len(rows), len({fault.line for fault in faults})) == (kept, BAD)
        (sent,) = write_faulty_lines(sent.parent, faults, sent.parent / "errors")
