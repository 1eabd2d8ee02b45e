"""Which files are one."""

import pytest

from identity.copies.rules import also_called

ALIASES = {"double": "whole", "third": "double", "other": "elsewhere"}


@pytest.mark.parametrize(
    ("family_id", "others"),
    [
        ("whole", ("double", "third")),
        ("double", ("third", "whole")),
        ("third", ("double", "whole")),
        ("elsewhere", ("other",)),
        ("alone", ()),
    ],
)
def test_files_that_were_merged_are_called_by_the_ids_of_all_of_them(family_id, others):
    assert also_called(family_id, ALIASES) == others


def test_aliases_in_a_circle_come_to_an_end():
    assert also_called("a", {"a": "b", "b": "a"}) == ()
