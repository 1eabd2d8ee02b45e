"""The lines that were left out, as a file to be mended and sent again."""

import csv

from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema

from chassis.values.fields import written
from chassis.values.tables import cells, read_table, write_faulty_lines


class PetRow(Schema):
    name = written(longest=20)
    born_on = cells.Day()
    note = written(longest=200, lines=True, default="")


def left_out(directory, content):
    """Return the rows of the file of the lines of `content` that are left out."""
    directory.mkdir(exist_ok=True)
    (directory / "pets.csv").write_bytes(content)
    faults = read_table(directory / "pets.csv", PetRow())[1]
    written_to = write_faulty_lines(directory, faults, directory / "errors")
    if not written_to:
        return []
    with written_to[0].open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def test_a_faulty_line_stands_there_with_its_number_and_what_is_wrong(tmp_path):
    content = 'name,born_on\nRex,2020-01-02\n,"1/13/2020"\n"Tom"cat,2020-01-02\nZo\u00e9,2020-01-02,x\n'
    header, *rows = left_out(tmp_path, content.encode())
    assert header == ["name", "born_on", "line", "reason"]
    assert rows[0][:3] == ["", "1/13/2020", "3"]
    assert "born_on: Expected a day" in rows[0][3]
    assert "name: Missing data" in rows[0][3]
    assert rows[1][:3] == ['"Tom"cat', "2020-01-02", "4"]
    assert rows[2][:3] + rows[2][4:] == ["Zo\u00e9", "2020-01-02", "5", "x"]


def test_what_can_not_be_shown_is_marked_and_has_to_be_written_anew(tmp_path):
    _, row, nul = left_out(tmp_path, b"name;born_on\nZo\xe9;2020-01-02\nRe\x00x;2020-01-02\n")
    assert (row[0], nul[0]) == ("Zo\ufffd", "Re\ufffdx")
    again = read_table(tmp_path / "errors" / "pets.csv", PetRow())
    assert again[0] == []
    assert ["written" in str(fault) or "lost" in str(fault) for fault in again[1]] == [True, True]


def test_a_file_that_is_refused_as_a_whole_is_mended_where_it_is(tmp_path):
    assert left_out(tmp_path, b"name;colour\nRex;red\n") == []
    assert left_out(tmp_path, "name;born_on\n".encode("utf-16")) == []


def test_a_mended_file_names_its_own_lines_when_it_is_sent_again(tmp_path):
    left_out(tmp_path, b"name;born_on\nRex;x\nTom;y\n")
    header, row = left_out(
        tmp_path / "again", (tmp_path / "errors" / "pets.csv").read_bytes().replace(b";x;", b";2020-01-02;")
    )
    assert header == ["name", "born_on", "line", "reason"]
    assert row[:3] == ["Tom", "y", "3"]


def _is_no_row(cell):
    """What has separators and several lines may look like rows that a stray quote swallowed."""
    return not (";" in cell and {"\n", "\r"} & set(cell))


CELLS = (st.text(max_size=12) | st.text('x;"\n\r0', max_size=6)).filter(_is_no_row)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_the_cells_of_a_line_left_out_come_back_as_they_were(tmp_path_factory, lines):
    directory = tmp_path_factory.mktemp("pets")
    with (directory / "source.csv").open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        csv.writer(file, delimiter=";").writerows([("name", "born_on"), *lines])
    _, faults = read_table(directory / "source.csv", PetRow())
    first = write_faulty_lines(directory, faults, directory / "first")
    if not first:
        return
    _, again = read_table(first[0], PetRow())
    (second,) = write_faulty_lines(first[0].parent, again, directory / "second")
    with (
        first[0].open(encoding="utf-8-sig", newline="") as one,
        second.open(encoding="utf-8-sig", newline="") as two,
    ):
        before, after = (list(csv.reader(file, delimiter=";")) for file in (one, two))
    assert [row[:2] for row in before] == [row[:2] for row in after]
