"""What follows from guardianships, and which follow from files."""

from dataclasses import replace
from datetime import date

import pytest

from family.children.model import Child
from family.guardianships.model import Guardianship
from family.guardianships.rules import families_of, implied, in_files, is_standing, to_keep
from family.people.model import Guardian

ZOE = Child("c1", "town", "C1", ("f1", "f2"), "Zoé", "Roy", date(2019, 5, 2))
ANA = Guardian("g1", "town", "G1", "f1", "Ana", "Roy")
BO = Guardian("g2", "town", "G2", "f2", "Bo", "Roy", payer=True)
CY = Guardian("g3", "town", "G3", "f3", "Cy", "Martin")
TODAY = date(2026, 11, 16)


def an_id(adult_id, child_id):
    return f"{adult_id}-{child_id}"


def of(adult, **fields):
    return Guardianship(an_id(adult.id, "c1"), "town", adult.id, "c1", **fields)


@pytest.mark.parametrize(
    ("from_on", "to_on", "standing"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2026, 11, 17), None, False),
        (None, date(2026, 11, 15), False),
    ],
)
def test_a_guardianship_holds_from_its_first_to_its_last_day(from_on, to_on, standing):
    assert is_standing(of(ANA, from_on=from_on, to_on=to_on), TODAY) is standing


def test_a_childs_families_are_those_of_the_adults_who_see_it_today():
    adults = {each.id: each for each in (ANA, BO, CY)}
    both = [of(ANA), of(BO), replace(of(CY), sees=False)]
    assert families_of(both, adults, TODAY) == ("f1", "f2")
    assert families_of([of(ANA), of(BO, to_on=date(2026, 1, 1))], adults, TODAY) == ("f1",)
    assert families_of([of(ANA)], {}, TODAY) == ()


def test_of_a_childs_files_follow_its_guardianships_and_of_these_its_files():
    following = implied(ZOE, [ANA, BO, CY], an_id)
    assert following == [of(ANA), of(BO, pays=True)]
    assert families_of(following, {"g1": ANA, "g2": BO}, TODAY) == ZOE.family_ids


def test_what_follows_does_so_from_the_files_that_were_named_not_from_those_that_see_the_child_today():
    assert implied(replace(ZOE, family_ids=("f1", "f3"), named_family_ids=("f1",)), [ANA, BO, CY], an_id) == [
        of(ANA)
    ]


UNSEEN = {"sees": False, "stated": True}


@pytest.mark.parametrize(
    ("guardianships", "adults", "files"),
    [
        ([of(ANA), of(BO)], [ANA, BO], ("f1", "f2")),
        ([of(BO), of(ANA)], [BO, ANA], ("f1", "f2")),
        ([of(ANA), of(BO, **UNSEEN)], [ANA, BO], ("f1",)),
        ([of(ANA), of(BO), of(CY, stated=True)], [ANA, BO, CY], ("f1", "f2", "f3")),
        ([of(ANA)], [ANA], ("f1", "f2")),
        ([of(ANA, **UNSEEN), of(BO, **UNSEEN)], [ANA, BO], ()),
    ],
)
def test_a_child_is_in_the_files_of_those_who_see_it_and_in_named_ones_that_have_no_adult(
    guardianships, adults, files
):
    found = in_files(ZOE, guardianships, adults, TODAY)
    assert found.family_ids == files
    assert found.named_family_ids == (() if files == ZOE.family_ids else ZOE.family_ids)


def test_what_was_stated_stays_and_what_no_longer_follows_goes():
    stated = of(ANA, books=False, stated=True)
    assert to_keep([stated, of(CY)], [of(ANA), of(BO)]) == ([of(BO)], [of(CY).id])
    assert to_keep([of(ANA)], [of(ANA)]) == ([], [])


def test_an_adult_of_no_file_of_the_child_stays_its_guardian_where_somebody_stated_it():
    assert to_keep([of(CY, stated=True)], [of(ANA)]) == ([of(ANA)], [])
