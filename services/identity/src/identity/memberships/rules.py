"""How the memberships of one account come together."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from identity.memberships.model import Grant, Membership


def granted(roles: Sequence[str], centre_ids: Sequence[str]) -> tuple[Grant, ...]:
    """Return each role at each of the centres, or everywhere where none is named."""
    return tuple(Grant(role, centre_id) for role in roles for centre_id in centre_ids or (None,))


def with_membership(memberships: Iterable[Membership], added: Membership) -> tuple[Membership, ...]:
    """Return the memberships with one more; of one that is there already, the latest update counts.

    What two rows say of one membership comes together: what the later one leaves open stays as it was.
    """
    kept = {membership.id: membership for membership in memberships}
    before = kept.get(added.id)
    if before is not None:
        added = replace(
            added,
            guardian_id=added.guardian_id or before.guardian_id,
            grants=added.grants or before.grants,
        )
    kept[added.id] = added
    return tuple(kept.values())


def imported(stored: Iterable[Membership], told: Iterable[Membership]) -> tuple[Membership, ...]:
    """Return the memberships after an import: in each organisation that it names, only what it tells."""
    news = tuple(told)
    named = {each.organisation_id for each in news}
    before = tuple(stored)
    order = dict.fromkeys(each.organisation_id for each in (*before, *news))
    stays = [each for each in before if each.organisation_id not in named]
    return tuple(
        each
        for organisation_id in order
        for each in (*stays, *news)
        if each.organisation_id == organisation_id
    )


def in_order(memberships: Iterable[Membership]) -> tuple[Membership, ...]:
    """Return the memberships as they are listed: by organisation, families before staff, else as told."""
    several = tuple(memberships)
    order = dict.fromkeys(each.organisation_id for each in several)
    place = {organisation_id: number for number, organisation_id in enumerate(order)}
    return tuple(sorted(several, key=lambda each: (place[each.organisation_id], bool(each.grants))))
