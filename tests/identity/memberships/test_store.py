"""How memberships lie in documents that the release before reads and writes too."""

import pytest

from identity.memberships.model import Grant, Membership
from identity.memberships.store import entries_of, membership_id, memberships_from, more_of


def of_family(family_id, organisation_id="o1"):
    return Membership(membership_id(organisation_id, "a1", family_id), organisation_id, family_id, "g1")


def of_staff(*grants, organisation_id="o1"):
    return Membership(membership_id(organisation_id, "a1", None), organisation_id, grants=grants)


FAMILY, ELSEWHERE = of_family("f1"), of_family("f9", "o2")
EVERYWHERE = of_staff(Grant("desk"), Grant("carer"))
AT_CENTRES = of_staff(Grant("desk", "c1"), Grant("desk", "c2"))
UNEVEN = of_staff(Grant("desk", "c1"), Grant("cashier", None, "office-1"))


@pytest.mark.parametrize(
    "memberships",
    [
        (FAMILY,),
        (EVERYWHERE,),
        (FAMILY, AT_CENTRES, ELSEWHERE),
        (FAMILY, UNEVEN),
        (ELSEWHERE, FAMILY, of_family("f2"), of_family("f3"), EVERYWHERE),
    ],
)
def test_memberships_come_back_as_they_were_kept(memberships):
    kept = entries_of(memberships), more_of(memberships)
    assert memberships_from("a1", *kept) == memberships


def test_what_the_release_before_wrote_is_read_as_memberships_with_the_same_ids():
    entry = {
        "organisation_id": "o1",
        "family_id": "f1",
        "guardian_id": "g1",
        "roles": ["desk", "carer"],
        "centre_ids": [],
    }
    assert memberships_from("a1", [entry], []) == (FAMILY, EVERYWHERE)
    assert entries_of((FAMILY, EVERYWHERE)) == [entry]


def test_what_stands_beside_the_entries_goes_with_the_organisation_that_an_older_import_took_away():
    assert memberships_from("a1", entries_of((ELSEWHERE,)), more_of((FAMILY, of_family("f2")))) == (
        ELSEWHERE,
    )


def test_an_id_tells_accounts_organisations_and_families_apart():
    ids = {membership_id(o, a, f) for o in ("o1", "o2") for a in ("a1", "a2") for f in ("f1", "f2", None)}
    assert len(ids) == 12
