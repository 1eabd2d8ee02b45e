"""Who may be a child in care, and of which files; the tables are in docs/rules/family_files.md."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family.children import rules
from family.children.model import Child
from tests.booking.rule_tables import rows


@pytest.mark.parametrize("row", rows("family_files.md", "## Which birth dates are taken"), ids=str)
def test_a_child_is_born_and_not_yet_old(row):
    born_on = date.fromisoformat(row["born on"])
    assert rules.is_birth_plausible(born_on, date(2026, 11, 16), 25) is (row["taken"] == "yes")


@pytest.mark.parametrize("row", rows("family_files.md", "## Which families a child may belong to"), ids=str)
def test_a_child_belongs_to_one_family_or_two_that_exist(row):
    fault = rules.families_fault(row["families"].split(), ["F1", "F2", "F3"])
    assert (fault is None) is (row["good"] == "yes")


@given(st.lists(st.sampled_from(["F1", "F2", "F3", "F9"]), max_size=4))
def test_nobody_belongs_to_a_family_that_does_not_exist(references):
    fault = rules.families_fault(references, ["F1", "F2", "F3"])
    assert fault is not None or "F9" not in references


def test_the_files_that_were_named_for_a_child_stay_apart_once_they_were():
    def child(*family_ids, named=()):
        return Child("c1", "town", "C1", family_ids, "Zoé", "Roy", date(2019, 5, 2), named_family_ids=named)

    apart = child("f1", named=("f1", "f2"))
    assert rules.as_told(apart) == child("f1", "f2")
    assert rules.as_told(child("f1")) == child("f1")
    assert rules.as_named(apart, child("f1", "f2")) == child("f1", "f2", named=("f1", "f2"))
    assert rules.as_named(apart, child("f1", named=("f1", "f3"))) == child("f1", named=("f1", "f3"))
    assert rules.as_named(child("f1"), child("f2")) == child("f2")


def test_a_child_of_two_families_is_shared():
    child = Child("c1", "town", "C1", ("f1",), "Zoé", "Roy", date(2019, 5, 2))
    assert not rules.is_shared(child)
    assert rules.is_shared(Child("c1", "town", "C1", ("f1", "f2"), "Zoé", "Roy", date(2019, 5, 2)))
