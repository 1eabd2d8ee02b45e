"""Files that people made: good lines are kept, bad ones are named."""

import pytest
from marshmallow import Schema, ValidationError, fields

from chassis.values.tables import Parts, in_batches, read_table
from chassis.values.text import Text


class PetRow(Schema):
    name = Text(max_length=10, required=True)
    born_on = fields.Date(required=True)
    owners = Parts(max_length=10, load_default=list)


def read(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "pets.csv"
    path.write_bytes(content.encode(encoding))
    rows, faults = read_table(path, PetRow())
    return rows, [str(fault) for fault in faults]


@pytest.mark.parametrize("mark", [";", ","])
def test_either_delimiter_and_a_byte_order_mark_are_understood(tmp_path, mark):
    rows, faults = read(
        tmp_path, f"name{mark}born_on{mark}owners\nRex{mark}2020-01-02{mark}a|b|\r\n", "utf-8-sig"
    )
    assert faults == []
    assert rows[0].line == 2
    assert rows[0].cells["owners"] == ["a", "b"]


def test_a_bad_line_is_named_and_the_good_ones_are_kept(tmp_path):
    rows, faults = read(tmp_path, "name;born_on\nRex;2020-13-02\nTom;2020-01-02\n;2020-01-02\n")
    assert [row.cells["name"] for row in rows] == ["Tom"]
    assert faults == [
        "pets.csv, line 2, born_on: Not a valid date.",
        "pets.csv, line 4, name: Missing data for required field.",
    ]


def test_a_wrong_header_is_said_once(tmp_path):
    rows, faults = read(tmp_path, "name;colour\nRex;red\nTom;red\n")
    assert rows == []
    assert faults == [
        "pets.csv, line 1, colour: Unknown column.",
        "pets.csv, line 1, born_on: The column is missing.",
    ]


def test_too_many_cells_are_a_fault_of_the_row(tmp_path):
    assert read(tmp_path, "name;born_on\nRex;2020-01-02;x\n")[1] == [
        "pets.csv, line 2, row: 3 cells under 2 columns."
    ]


def test_a_file_of_another_encoding_is_a_fault_and_not_a_crash(tmp_path):
    assert "can't be read" in read(tmp_path, "name;born_on\nZoé;2020-01-02\n", "latin-1")[1][0]


def test_an_absent_file_has_no_rows(tmp_path):
    assert read_table(tmp_path / "absent.csv", PetRow()) == ([], [])


@pytest.mark.parametrize("text", ["a\x00b", "a\x7f", "\ud800", "a\nb", "  ", "x" * 11, 7, None, {"$ne": ""}])
def test_what_is_not_a_plain_short_text_is_refused(text):
    with pytest.raises(ValidationError):
        Text(max_length=10).deserialize(text)


def test_text_is_composed_and_trimmed():
    assert Text(max_length=10).deserialize(" Zoe\u0301 ") == "Zo\u00e9"


def test_paragraphs_keep_their_lines():
    assert Text(max_length=10, lines=True, trim=False).deserialize("a\nb ") == "a\nb "


def test_batches_hold_everything_in_order():
    assert list(in_batches([1, 2, 3], 2)) == [[1, 2], [3]]
