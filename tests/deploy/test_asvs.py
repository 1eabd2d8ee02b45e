"""The table of ASVS 5.0, level 2: every requirement once, and what it names is there."""

import ast
import re
from collections import Counter
from functools import cache

import pytest

from deploy import asvs
from deploy.local.layout import ROOT

# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has, chapter by chapter; those of level 3
# come last in every section.
SECTIONS = {
    1: (2, 9, 11, 3, 2),
    2: (3, 3, 4, 1),
    3: (0, 2, 4, 6, 5, 0, 2),
    4: (3, 1, 2, 4),
    5: (1, 3, 2, 3),
    6: (3, 12, 4, 4, 5, 3, 0, 4),
    7: (3, 4, 2, 5, 2, 2),
    8: (2, 3, 1, 1),
    9: (3, 4),
    10: (2, 2, 4, 11, 5, 2, 3),
    11: (2, 3, 3, 4, 1, 1),
    12: (3, 2, 4),
    13: (1, 5, 2, 5),
    14: (2, 4, 3),
    15: (3, 3, 7),
    16: (1, 5, 4, 3, 3),
    17: (1, 4, 2),
}
OF_LEVEL_1 = {1: 8, 2: 4, 3: 8, 4: 2, 5: 4, 6: 13, 7: 6, 8: 4, 9: 4, 10: 5, 11: 3, 12: 3, 13: 1, 14: 2, 15: 3}
ROWS = asvs.read()
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


def test_every_requirement_up_to_level_2_stands_there_once_and_in_its_order():
    wanted = [
        (chapter, section, number)
        for chapter, counts in SECTIONS.items()
        for section, count in enumerate(counts, 1)
        for number in range(1, count + 1)
    ]
    assert [row.number for row in ROWS] == wanted
    assert len(ROWS) == 253
    assert Counter(row.chapter for row in ROWS if row.level == 1) == OF_LEVEL_1
    assert {row.level for row in ROWS} == {1, 2}


@every_row
def test_a_row_says_how_it_stands_and_what_shows_it_or_why_not(row):
    assert row.state in asvs.STATES
    assert row.subject
    if row.state == "held":
        assert row.where
    else:
        assert row.note
    assert bool(row.owner) is (row.state == "owed")


@cache
def functions(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@every_row
def test_what_a_row_names_is_there(row):
    for named in row.where:
        path, _, name = named.partition("::")
        assert (ROOT / path).is_file(), path
        assert not name or name in functions(path), named
        assert not path.startswith("tests/") or re.search(r"(^|/)test_\w+\.py$", path), f"{path} is no test"


def test_the_page_is_what_the_table_says():
    assert asvs.PAGE.read_text(encoding="utf-8") == asvs.page(ROWS) + "\n", "run make asvs"


def test_no_cell_breaks_the_page():
    assert [row.id for row in ROWS if re.search(r"[|\n]", f"{row.subject}{row.note}{row.owner}")] == []
