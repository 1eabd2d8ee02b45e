"""Files that people made: good lines are kept, bad ones are named with the number an editor shows."""

import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from chassis.values.fields import Address, written
from chassis.values.tables import cells, first_of_each, in_batches, read_table
from chassis.values.tables.lines import CELL_LINES_MAX, LINE_MAX
from chassis.values.tables.reading import judged
from chassis.values.text import Text

HEADER = "reference;name;birth_on;note"
EXPECTED_DAY = "Expected a day such as 2019-05-02 or 02/05/2019, of the years 1900 to 2199."
STRAY = "A quotation mark stands where none can"
FOREIGN = "The line is not UTF-8: save the file as CSV UTF-8."


class ChildRow(Schema):
    reference = cells.reference()
    name = written(longest=20)
    birth_on = cells.Day()
    note = written(longest=500, lines=True, default="")
    owners = cells.Parts(written(longest=10), required=False)
    email = Address(load_default=None)
    secret = Text(max_length=20, trim=False, load_default=None)


def read(tmp_path, content):
    path = tmp_path / "children.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    rows, faults = read_table(path, ChildRow())
    return rows, [str(fault) for fault in faults]


def good(number, end="\n"):
    return f"C{number};Zoé;2019-05-02;{end}"


def kept(rows):
    return [(row.line, row.cells["reference"]) for row in rows]


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_any_of_three_separators_and_a_byte_order_mark_are_understood(tmp_path, mark):
    text = f"reference{mark}name{mark}birth_on{mark}owners\nC1{mark}Zoé{mark}2020-01-02{mark}a|b|\r\n"
    rows, faults = read(tmp_path, text.encode("utf-8-sig"))
    assert faults == []
    assert rows[0].line == 2
    assert rows[0].cells["owners"] == ["a", "b"]


def test_another_separator_is_told_and_those_that_are_known(tmp_path):
    rows, faults = read(tmp_path, "reference|name|birth_on\nC1|Zoé|2020-01-02\n")
    assert rows == []
    assert faults[0].endswith(
        "reference|name|birth_on: Unknown column; columns are parted by ; or , or a tab."
    )


def test_a_bad_line_is_named_and_the_good_ones_are_kept(tmp_path):
    rows, faults = read(tmp_path, f"{HEADER}\nC1;Zoé;2020-13-02\nC2;Zoé;2020-01-02\nC3;;2020-01-02\n")
    assert kept(rows) == [(3, "C2")]
    assert faults == [
        f"children.csv, line 2, birth_on: {EXPECTED_DAY}",
        "children.csv, line 4, name: Missing data for required field.",
    ]


def test_unknown_and_missing_columns_and_one_that_stands_twice_refuse_the_file_by_name(tmp_path):
    rows, faults = read(tmp_path, "reference;name;name;colour\nC1;Moreau;Durand;red\n")
    assert rows == []
    assert faults == [
        "children.csv, line 1, colour: Unknown column.",
        "children.csv, line 1, name: name stands twice.",
        "children.csv, line 1, birth_on: The column is missing.",
    ]


def test_columns_that_a_spreadsheet_leaves_behind_are_passed_over_while_they_are_empty(tmp_path):
    rows, faults = read(
        tmp_path, f"{HEADER};;\nC1;Zoé;2020-01-02;;;\nC2;Zoé;2020-01-02;;x;\nC3;Zoé;2020-01-02;;;;y\n"
    )
    assert kept(rows) == [(2, "C1")]
    assert faults == [
        "children.csv, line 3, row: Cell 5 is filled and has no heading.",
        "children.csv, line 4, row: 7 cells under 6 columns.",
    ]


def test_foreign_bytes_cost_the_line_they_stand_on_and_no_other(tmp_path):
    lines = [HEADER, *(good(number) for number in range(2, 102))]
    content = "\n".join(line.strip() for line in lines).encode().split(b"\n")
    content[60] = "C61;Zoé;2019-05-02;Lefèvre".encode("cp1252")
    rows, faults = read(tmp_path, b"\n".join(content))
    assert [line for line, _ in kept(rows)] == [*range(2, 61), *range(62, 102)]
    assert faults == [f"children.csv, line 61, row: {FOREIGN}"]


STRAYS = {
    "a word in quotes at the beginning": 'C50;"Jean" Paul;2019-05-02;',
    "a quote that is never closed": 'C50;"Jean Paul;2019-05-02;',
    "one at the beginning of the line": '"C50;Jean;2019-05-02;',
    "one in the last column": 'C50;Jean;2019-05-02;"a',
    "all cells quoted but one": '"C50";"Jean";"2019-05-02;"a"',
    "a quote in a quoted cell": '"C50";"Jean "Paul"";"2019-05-02";""',
}


@pytest.mark.parametrize("stray", STRAYS.values(), ids=STRAYS)
@pytest.mark.parametrize(
    "after",
    [
        good,
        lambda number: f'"C{number}";"Zoé";"2019-05-02";""\n',
        lambda number: f'C{number};Zoé;2019-05-02;"a"\n',
    ],
)
def test_a_stray_quote_costs_its_line_and_those_after_it_are_kept(tmp_path, stray, after):
    before = "".join(good(number) for number in range(2, 51))
    rows, faults = read(tmp_path, f"{HEADER}\n{before}{stray}\n" + "".join(after(n) for n in range(52, 102)))
    assert [line for line, _ in kept(rows)] == [*range(2, 51), *range(52, 102)]
    (fault,) = faults
    assert fault.startswith(f"children.csv, line 51, row: {STRAY}")


def test_two_stray_quotes_do_not_swallow_the_lines_between_them(tmp_path):
    rows, faults = read(tmp_path, f'{HEADER}\nC2;"Jean;2019-05-02;\n{good(3)}C4;Paul";2019-05-02;\n{good(5)}')
    assert kept(rows) == [(3, "C3"), (4, "C4"), (5, "C5")]
    assert [fault.partition(", row")[0] for fault in faults] == ["children.csv, line 2"]


def test_a_cell_may_go_on_over_several_lines(tmp_path):
    text = f'{HEADER}\nC2;Zoé;2019-05-02;"Lunch:\r\n; no ""nuts""\n"\n"C5";"Zoé";"2019-05-02";"a\nb"\n'
    text += f"{good(7)}C8;;\n"
    rows, faults = read(tmp_path, text)
    assert kept(rows) == [(2, "C2"), (5, "C5"), (7, "C7")]
    assert rows[0].cells["note"] == 'Lunch:\n; no "nuts"'
    assert faults[0].startswith("children.csv, line 8, ")


def test_a_cell_over_more_lines_than_are_looked_at_is_taken_for_a_stray_quote(tmp_path):
    rows, faults = read(tmp_path, f'{HEADER}\nC2;Zoé;2019-05-02;"' + "a\n" * (CELL_LINES_MAX + 1) + '"\n')
    assert rows == []
    assert faults[0].startswith(f"children.csv, line 2, row: {STRAY}")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_numbers_are_those_of_the_lines_whatever_came_before(tmp_path, end):
    lines = [
        "",
        "",
        HEADER,
        "",
        "C5;;2020-13-02",
        " ; ;\u00a0;",
        'C7;"a" b;2019-05-02;',
        good(8, ""),
        "C9;\x00;x",
        "",
    ]
    rows, faults = read(tmp_path, end.join(lines))
    assert kept(rows) == [(8, "C8")]
    assert [fault.split(", ")[1] for fault in faults] == ["line 5", "line 5", "line 7", "line 9"]


def test_cells_are_trimmed_of_every_blank(tmp_path):
    rows, faults = read(
        tmp_path,
        f"{HEADER};email;secret\n\u00a0C1 ;\u202fZoé\u2007; 2019-05-02\u00a0;; ana@example.org ; x \n",
    )
    assert faults == []
    assert (rows[0].cells["reference"], rows[0].cells["name"]) == ("C1", "Zoé")
    assert (rows[0].cells["email"], rows[0].cells["secret"]) == ("ana@example.org", " x ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{HEADER}\n".encode("utf-16"), "This is UTF-16: save it as CSV UTF-8."),
        (f"{HEADER}\n".encode("utf-16-be"), "This is UTF-16, or no text at all: save it as CSV UTF-8."),
        (b"PK\x03\x04....", "This is a spreadsheet or an archive: save it as CSV UTF-8."),
        (b"\xd0\xcf\x11\xe0....", "This is a spreadsheet: save it as CSV UTF-8."),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_sentence(tmp_path, content, said):
    assert read(tmp_path, content) == ([], [f"children.csv, line 1, row: {said}"])


def test_a_heading_in_another_encoding_is_told_without_breaking_the_report(tmp_path):
    rows, faults = read(tmp_path, "reference;prénom\n".encode("latin-1"))
    assert rows == []
    assert "children.csv, line 1, pr\ufffdnom: Unknown column." in faults


def test_an_empty_file_misses_its_columns_and_an_absent_one_has_no_rows(tmp_path):
    assert "children.csv, line 1, reference: The column is missing." in read(tmp_path, b"")[1]
    assert read_table(tmp_path / "absent.csv", ChildRow()) == ([], [])


def test_what_a_spreadsheet_writes_above_the_header_is_passed_over(tmp_path):
    assert kept(read(tmp_path, f"sep=;\n{HEADER}\n{good(3)}")[0]) == [(3, "C3")]


def test_an_over_long_line_is_one_fault_and_costs_no_memory(tmp_path):
    path = tmp_path / "children.csv"
    with path.open("w") as file:
        file.write(f"{HEADER}\n{good(2)}")
        for _ in range(100):
            file.write("x" * LINE_MAX)
        file.write(f"\n{good(4)}")
    tracemalloc.start()
    found = list(judged(path, ChildRow()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [each[0].line if isinstance(each, list) else each.line for each in found] == [2, 3, 4]
    assert peak < 20 * LINE_MAX


def test_a_file_is_read_line_by_line(tmp_path):
    path = tmp_path / "children.csv"
    path.write_text(f"{HEADER}\n" + "".join(good(number) for number in range(4_000)))
    schema = ChildRow()
    tracemalloc.start()
    count = sum(1 for row in judged(path, schema) if row.line)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 4_000
    assert peak < 1_000_000


def test_the_second_line_about_one_thing_is_a_fault(tmp_path):
    rows, _ = read(tmp_path, f"{HEADER}\n{good(1)}{good(2)}{good(1)}")
    first, faults = first_of_each(rows, ["reference"])
    assert kept(first) == [(2, "C1"), (3, "C2")]
    assert [str(each) for each in faults] == ["children.csv, line 4, row: Stands already on line 2."]
    assert first_of_each(rows, ["reference", "name"])[1] == faults


@given(
    st.binary(max_size=400) | st.text('";,\n\r\t C1\u00e9\x00', max_size=400).map(lambda text: text.encode())
)
@example(b'reference;name;birth_on\n"')
def test_whatever_the_bytes_nothing_breaks(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    for start in (b"", f"{HEADER}\n".encode()):
        path.write_bytes(start + content)
        rows, faults = read_table(path, ChildRow())
        lines = (start + content).decode("latin-1").replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        assert all(1 <= each.line <= lines for each in (*rows, *faults))
        "".join(map(str, faults)).encode()


BAD = {
    "foreign bytes": b"X;Zo\xe9;2019-05-02;",
    "stray quote": b'X;"Jean" Paul;2019-05-02;',
    "open quote": b'X;"Jean;2019-05-02;',
    "too many cells": b"X;Jean;2019-05-02;;;x",
    "nul": b"X;Je\x00an;2019-05-02;",
    "control": b"X;Je\x07an;2019-05-02;",
    "hidden": "X;Je\u202ean;2019-05-02;".encode(),
    "no name": b"X;;2019-05-02;",
    "no day": b"X;Jean;2019-02-30;",
    "too long": b"X;" + b"J" * 21 + b";2019-05-02;",
}
FINE = {
    "good": b"%s;Jean;2019-05-02;",
    "quoted": b'"%s";"Jean";"2019-05-02";"a;b"',
    "several": b'%s;Jean;2019-05-02;"a\nb"',
}
BLANK = {"blank": b"", "spaces": b" ", "separators": b";;;"}


@given(
    st.lists(st.sampled_from([*BAD, *FINE, *BLANK]), max_size=40),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
    st.booleans(),
)
def test_exactly_the_bad_lines_are_named_in_whatever_order_they_come(tmp_path_factory, kinds, end, marked):
    content, line, named, fine = [HEADER.encode()], 2, [], []
    for number, kind in enumerate(kinds):
        text = (
            BAD.get(kind) or BLANK.get(kind) or (FINE[kind] % f"C{number}".encode() if kind in FINE else b"")
        )
        (named if kind in BAD else fine if kind in FINE else []).append(line)
        content.append(text)
        line += 1 + text.count(b"\n")
    path = tmp_path_factory.getbasetemp() / "mixed.csv"
    path.write_bytes((b"\xef\xbb\xbf" if marked else b"") + b"\n".join(content).replace(b"\n", end))
    rows, faults = read_table(path, ChildRow())
    assert [row.line for row in rows] == fine
    assert sorted({fault.line for fault in faults}) == named


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
