"""Which files are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family.files.rules import canonical, merge_fault, names_of

ALIASES = {"f2": "f1", "f3": "f2", "f5": "f4"}


@pytest.mark.parametrize(
    ("named", "leads_to", "all_names"),
    [
        ("f1", "f1", ("f1", "f2", "f3")),
        ("f3", "f1", ("f1", "f2", "f3")),
        ("f4", "f4", ("f4", "f5")),
        ("f9", "f9", ("f9",)),
    ],
)
def test_whoever_names_a_merged_file_means_the_one_that_it_leads_to(named, leads_to, all_names):
    assert canonical(named, ALIASES) == leads_to
    assert names_of(named, ALIASES) == all_names


@given(st.dictionaries(st.sampled_from("abcde"), st.sampled_from("abcde")), st.sampled_from("abcde"))
def test_every_name_leads_somewhere_even_in_a_circle(aliases, named):
    assert canonical(named, aliases) in "abcde"
    assert names_of(named, aliases)[0] == canonical(named, aliases)


@pytest.mark.parametrize(
    ("merged", "into", "good"),
    [("f1", "f4", True), ("f9", "f3", True), ("f2", "f4", False), ("f1", "f3", False), ("f9", "f9", False)],
)
def test_a_file_is_merged_once_and_never_into_itself(merged, into, good):
    assert (merge_fault(merged, into, ALIASES) is None) is good
