"""What a school year is; the table is in docs/rules/family_files.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family.enrolments import rules
from tests.booking.rule_tables import rows


@pytest.mark.parametrize("row", rows("family_files.md", "## What is a school year"), ids=str)
def test_a_school_year_is_two_years_that_follow_one_another(row):
    assert rules.is_school_year(row["text"]) is (row["school year"] == "yes")


@given(st.integers(1000, 9998))
def test_every_year_begins_one_school_year(year):
    assert rules.is_school_year(f"{year}-{year + 1}")
