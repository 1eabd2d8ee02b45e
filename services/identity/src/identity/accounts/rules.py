"""What an account is called, and what an import makes of the accounts that stand."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace

from identity.sessions.model import Account, Membership, Organisation, Standing


def normalised_login(login: str) -> str:
    """Give the one form of a login: composed, without any white space, and without a difference of case."""
    return "".join(unicodedata.normalize("NFKC", login).casefold().split())


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


def imported_account(stored: Account, wanted: Account) -> Account:
    """Give the account as it stands after an import.

    What the file says replaces what stood, organisation by organisation; memberships elsewhere, the password
    and the known devices stay: a password in a file is only for an account that is new.
    """
    said = {membership.organisation_id: membership for membership in wanted.memberships}
    stays = tuple(said.pop(m.organisation_id, m) for m in stored.memberships)
    return replace(
        wanted,
        password_hash=stored.password_hash,
        known_devices=stored.known_devices,
        memberships=(*stays, *said.values()),
    )


def imported_organisation(stored: Organisation | None, wanted: Organisation) -> Organisation | None:
    """Give the organisation to be kept with its next sequence, or None if the import changes nothing."""
    sequence = stored.sequence if stored else 0
    if stored == replace(wanted, sequence=sequence):
        return None
    return replace(wanted, sequence=sequence + 1)


def standings_of(account: Account, organisations: Mapping[str, Organisation]) -> tuple[Standing, ...]:
    """Join an account's memberships with their organisations, leaving out those that are unknown."""
    return tuple(
        Standing(membership, organisation.slug, organisation.name, organisation.time_zone)
        for membership in account.memberships
        if (organisation := organisations.get(membership.organisation_id))
    )
