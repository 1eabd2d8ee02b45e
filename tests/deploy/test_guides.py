"""docs/guides.md: each row of the families' guides names pages and tests that exist, or who owes it."""

import re
from functools import cache

import pytest

from deploy.local.layout import ROOT

LINES = (ROOT / "docs" / "guides.md").read_text(encoding="utf-8").splitlines()
SHOWN = re.compile(r"`(tests/[^`]+)` `::(test_\w+)`")
NUMBER = re.compile(r"(1|1b|2|3)\.\d+")


def rows():
    """Rows of the guides: number, what the guide has, page, tests, issues."""
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in LINES if line.startswith("|"))
    return [row for row in cells if NUMBER.fullmatch(row[0])]


def issues():
    return set(re.findall(r"^\| (\d+) \| .+ \|$", "\n".join(LINES), re.MULTILINE))


@cache
def pages():
    """The routes of the portal, as its modules declare them."""
    declared = re.compile(r'@blueprint\.(?:get|post)\("([^"]+)"\)')
    modules = (ROOT / "gateway" / "src" / "gateway" / "portal").rglob("*.py")
    return {path for module in modules for path in declared.findall(module.read_text(encoding="utf-8"))}


@cache
def names_in(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    return set(re.findall(r"^(?:async )?def (test_\w+)", text, re.MULTILINE))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_names_pages_and_tests_that_exist_and_issues_that_are_known(row):
    _, what, page, shown, owed = row
    assert what
    assert set(re.findall(r"`([^`]+)`", page)) <= pages()
    named = SHOWN.findall(shown)
    assert len(named) == shown.count("tests/")
    for path, name in named:
        assert name in names_in(path), (path, name)
    assert set(re.findall(r"\d+", owed)) <= issues()


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_is_shown_or_owed(row):
    _, _, page, shown, owed = row
    assert "::" in shown or owed.strip("-").isdigit() or "," in owed
    assert "`" in page or "::" not in shown or any(each in shown for each in ("mail", "browser", "notify"))


def test_rows_are_numbered_one_after_the_other_in_each_guide():
    last: dict[str, int] = {}
    for number, *_ in rows():
        guide, _, place = number.partition(".")
        assert int(place) == last.get(guide, 0) + 1, number
        last[guide] = int(place)
    assert list(last) == ["1", "1b", "2", "3"]
