"""The rules of families; the tables are those of docs/rules/family_files.md."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family.children import rules
from family.children.model import Child, Guardian
from tests.booking.rule_tables import rows


@pytest.mark.parametrize("row", rows("family_files.md", "## What is a school year"), ids=str)
def test_a_school_year_is_two_years_that_follow_one_another(row):
    assert rules.is_school_year(row["text"]) is (row["school year"] == "yes")


@given(st.integers(1000, 9998))
def test_every_year_begins_one_school_year(year):
    assert rules.is_school_year(f"{year}-{year + 1}")


@pytest.mark.parametrize("row", rows("family_files.md", "## Which birth dates are taken"), ids=str)
def test_a_child_is_born_and_not_yet_old(row):
    born_on = date.fromisoformat(row["born on"])
    assert rules.is_birth_plausible(born_on, date(2026, 11, 16)) is (row["taken"] == "yes")


@pytest.mark.parametrize("row", rows("family_files.md", "## Which families a child may belong to"), ids=str)
def test_a_child_belongs_to_one_family_or_two_that_exist(row):
    fault = rules.families_fault(row["families"].split(), ["F1", "F2", "F3"])
    assert (fault is None) is (row["good"] == "yes")


@given(st.lists(st.sampled_from(["F1", "F2", "F3", "F9"]), max_size=4))
def test_nobody_belongs_to_a_family_that_does_not_exist(references):
    fault = rules.families_fault(references, ["F1", "F2", "F3"])
    assert fault is not None or "F9" not in references


def test_a_child_of_two_families_is_shared():
    child = Child("c1", "town", "C1", ("f1",), "Zoé", "Roy", date(2019, 5, 2))
    assert not rules.is_shared(child)
    assert rules.is_shared(Child("c1", "town", "C1", ("f1", "f2"), "Zoé", "Roy", date(2019, 5, 2)))


def test_who_has_an_address_is_written_to_and_who_pays_comes_first():
    guardians = [
        Guardian("g1", "town", "G1", "f1", "Ana", "Roy", "ana@example.org"),
        Guardian("g2", "town", "G2", "f1", "Bo", "Roy", "bo@example.org", payer=True),
        Guardian("g3", "town", "G3", "f1", "Cy", "Roy", payer=True),
    ]
    assert [guardian.id for guardian in rules.contacts(guardians)] == ["g2", "g1"]
