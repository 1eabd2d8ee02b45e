"""How the memberships of an account come together."""

from identity.memberships.model import Membership
from identity.memberships.rules import with_membership


def test_a_family_and_its_roles_may_come_from_two_rows():
    family = Membership("town", "f1", "g1")
    both = with_membership([family], Membership("town", roles=("desk",), centre_ids=("c1",)))
    assert both == (Membership("town", "f1", "g1", ("desk",), ("c1",)),)
    assert len(with_membership(both, Membership("county", "f9"))) == 2
