"""How the memberships of one account come together."""

from collections.abc import Iterable

from identity.memberships.model import Membership


def with_membership(memberships: Iterable[Membership], added: Membership) -> tuple[Membership, ...]:
    """Put one membership among the others; an account has one per organisation, and the latest word counts.

    Family and roles of one organisation may come from two rows: what a row leaves open stays as it was.
    """
    kept = {membership.organisation_id: membership for membership in memberships}
    before = kept.get(added.organisation_id)
    if before is not None:
        added = Membership(
            organisation_id=added.organisation_id,
            family_id=added.family_id or before.family_id,
            guardian_id=added.guardian_id or before.guardian_id,
            roles=added.roles or before.roles,
            centre_ids=added.centre_ids or before.centre_ids,
        )
    kept[added.organisation_id] = added
    return tuple(kept.values())
