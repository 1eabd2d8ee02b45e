"""How a membership lies inside the documents that keep it: those of accounts and of sessions."""

from collections.abc import Mapping
from typing import Any

from identity.memberships.model import Membership


def membership_from(document: Mapping[str, Any]) -> Membership:
    """Read a membership."""
    return Membership(
        organisation_id=document["organisation_id"],
        family_id=document["family_id"],
        guardian_id=document["guardian_id"],
        roles=tuple(document["roles"]),
        centre_ids=tuple(document["centre_ids"]),
    )
