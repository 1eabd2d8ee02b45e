"""How memberships lie in documents, and how the release before laid them out."""

from identity.memberships.model import Grant, Membership
from identity.memberships.store import MAPPER, membership_id, second_form

FAMILY = {"organisation_id": "o1", "family_id": "f1", "guardian_id": "g1", "roles": [], "centre_ids": []}
ELSEWHERE = {**FAMILY, "organisation_id": "o2", "family_id": "f9"}
AT_CENTRES = {**FAMILY, "family_id": None, "guardian_id": None, "roles": ["desk"], "centre_ids": ["c1", "c2"]}
UNEVEN = [{"role": "desk", "centre_id": "c1"}, {"role": "cashier", "cash_office_id": "office-1"}]


def of_family(family_id, organisation_id="o1"):
    return Membership(membership_id(organisation_id, "a1", family_id), organisation_id, family_id, "g1")


def of_staff(*grants):
    return Membership(membership_id("o1", "a1", None), "o1", grants=grants)


def read(entries, more=()):
    return tuple(MAPPER.from_document(Membership, each) for each in second_form("a1", entries, more))


def test_an_entry_of_a_family_and_of_staff_is_two_memberships_whose_ids_are_always_the_same():
    entry = {**FAMILY, "roles": ["desk", "carer"]}
    assert read([entry]) == (of_family("f1"), of_staff(Grant("desk"), Grant("carer")))
    assert read([entry]) == read([entry])


def test_roles_and_centres_are_each_role_at_each_centre_unless_grants_say_otherwise():
    assert read([AT_CENTRES]) == (of_staff(Grant("desk", "c1"), Grant("desk", "c2")),)
    uneven = of_staff(Grant("desk", "c1"), Grant("cashier", None, "office-1"))
    assert read([{**AT_CENTRES, "grants": UNEVEN}]) == (uneven,)


def test_further_families_stand_before_the_staff_of_their_organisation():
    second = MAPPER.to_document(of_family("f2"))
    both = {**AT_CENTRES, "family_id": "f1", "guardian_id": "g1"}
    found = read([ELSEWHERE, both], [second])
    assert [each.family_id for each in found] == ["f9", "f1", "f2", None]


def test_what_stands_beside_the_entries_goes_with_the_organisation_that_an_older_import_took_away():
    assert read([ELSEWHERE], [MAPPER.to_document(of_family("f2"))]) == (of_family("f9", "o2"),)


def test_an_id_tells_accounts_organisations_and_families_apart():
    ids = {membership_id(o, a, f) for o in ("o1", "o2") for a in ("a1", "a2") for f in ("f1", "f2", None)}
    assert len(ids) == 12
