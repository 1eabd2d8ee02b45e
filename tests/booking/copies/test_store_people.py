"""What booking hears of a child comes in two events, which two workers may handle at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from booking.copies.model import Child, Enrolment
from chassis.values.scope import Scope
from tests.booking.conftest import TOWN, an_id, of_family, scope_of
from tests.booking.memory import opened

CHILDREN = 200
ENROLLED = Enrolment(an_id("activity", "soir"), "2026-2027", "accepted")


@pytest.fixture
def two():
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_a_child_and_its_enrolment_heard_at_the_same_instant_are_both_kept(mongo_database, two):
    children, roy = opened(mongo_database).children, scope_of(of_family("roy"))
    for number in range(CHILDREN):
        child_id = an_id("child", f"child {number}")
        child = Child(child_id, TOWN, (roy.family_id,), "Zoé", "Roy", date(2018, 5, 2))
        heard = [
            two.submit(children.keep, roy, child, 1),
            two.submit(children.keep_enrolment, roy, child_id, "e1", ENROLLED, 1),
        ]
        for handled in heard:
            handled.result()
    known = children.of_family(roy)
    assert [(child.name, child.enrolments) for child in known] == [("Zoé Roy", (ENROLLED,))] * CHILDREN


def test_the_children_of_files_that_were_found_to_be_one_are_those_of_either(mongo_database):
    children, roy = opened(mongo_database).children, scope_of(of_family("roy"))
    child = Child(an_id("child", "zoe"), TOWN, (roy.family_id,), "Zoé", "Roy", date(2018, 5, 2))
    children.keep(roy, child, 1)
    double = Scope(TOWN, "the double")
    assert (children.of_family(double), children.current(double)) == ([], {})
    merged = Scope(TOWN, "the double", merged_family_ids=(roy.family_id,))
    assert children.own(merged, [child.id]) == children.current(merged) == {child.id: child}
    assert children.current(Scope(TOWN)) == {}
