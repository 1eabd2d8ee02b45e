"""Names in the order in which people look them up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.values.collation import alphabetical


@pytest.mark.parametrize(
    "names",
    [
        ["danse", "Échecs", "Éveil corporel", "Zumba"],
        ["cote", "Cote", "coté", "côte", "côté"],
        ["œdipe", "Œdipe", "oeuvre", "Œuvre"],
        ["Lukas", "Łukaszewicz", "Luz"],
        ["", "1er pas", "Atelier 1", "Atelier 2"],
    ],
)
def test_accents_and_capitals_only_break_ties(names):
    turned = names[::-1]
    assert sorted(turned, key=alphabetical) == names


@given(st.lists(st.text()))
def test_the_order_does_not_depend_on_the_order_before(names):
    turned = names[::-1]
    assert sorted(names, key=alphabetical) == sorted(turned, key=alphabetical)
