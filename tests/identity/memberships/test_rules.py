"""How the memberships of an account come together."""

from dataclasses import replace

from identity.memberships.model import Grant
from identity.memberships.rules import granted, in_order, with_membership
from tests.identity.conftest import a_guardian, staff


def test_a_role_is_granted_at_each_centre_that_is_named_or_everywhere():
    assert granted(("desk",), ()) == (Grant("desk"),)
    assert granted(("desk", "carer"), ("c1", "c2")) == (
        Grant("desk", "c1"),
        Grant("desk", "c2"),
        Grant("carer", "c1"),
        Grant("carer", "c2"),
    )


def test_a_guardian_who_also_works_in_the_town_has_two_memberships_there():
    both = with_membership(with_membership((), staff()), a_guardian())
    assert in_order(both) == (a_guardian(), staff())
    assert (staff(centre_ids=("c1",)).roles, staff(centre_ids=("c1",)).centre_ids) == (("desk",), ("c1",))


def test_of_one_membership_the_latest_row_counts_and_what_it_leaves_open_stays():
    later = replace(a_guardian(), guardian_id=None)
    assert with_membership((a_guardian(),), later) == (a_guardian(),)
    assert with_membership((staff(),), staff(roles=("reader",))) == (staff(roles=("reader",)),)
    assert with_membership((staff(),), replace(staff(), grants=())) == (staff(),)


def test_memberships_are_listed_as_their_organisations_were_first_named():
    listed = in_order((staff("county"), a_guardian("town"), a_guardian("county"), a_guardian("county", "f2")))
    assert [each.id for each in listed] == ["county/f1", "county/f2", "county/staff", "town/f1"]
