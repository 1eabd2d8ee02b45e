"""Who may use a door, and what of the data it may reach then.

Every door names one of these: `own_family`, `own_account`, `may`, `anonymous`, `anybody`, `from_service`.
Which role has which capability is the owning service's to say (`chassis.doors.service`); here no role is
known.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from chassis.values.actor import Actor, Grant
from chassis.values.context import Context
from chassis.values.errors import Refused
from chassis.values.scope import Scope

Roles = Mapping[str, Collection[str]]
"""The capabilities of each role, as the owning service gives them."""

GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a caller must be: an issuer with a kind of context that it may bring, and more by choice.

    With `family` the context must name a family, and reaches no other. With `capability` one of its grants
    must give it, and it reaches the places of those grants.
    """

    accepts: Mapping[str, Collection[str]]
    family: bool = False
    capability: str | None = None

    def scope(self, context: Context, roles: Roles) -> Scope | None:
        """What `context` may reach here; None where it names no organisation and none is needed.

        Raises Refused: forbidden for an issuer, a kind or a grant that is not let in, not_found for an
        account without a family where one is needed.
        """
        if context.kind not in self.accepts.get(context.issuer, ()):
            raise Refused("forbidden", f"{context.kind} contexts from {context.issuer} are not taken here")
        if self.capability is not None:
            return self._granted(context, roles)
        if self.family and (context.organisation_id is None or context.family_id is None):
            raise Refused("not_found", "the account belongs to no family here")
        if context.organisation_id is None:
            return None
        return Scope(context.organisation_id, context.family_id, merged_family_ids=context.merged_family_ids)

    def actor(self, context: Context) -> Actor:
        """Who acts: the one that a service carries on, else the caller."""
        if context.actor is not None and context.kind == "service":
            return context.actor
        kind: Literal["person", "agent", "service"] = "service" if context.kind == "service" else "person"
        return Actor(
            kind="agent" if self.capability is not None else kind,
            account_id=context.account_id,
            membership_id=context.membership_id,
            for_family_id=context.family_id,
            on_behalf_of=context.on_behalf_of,
        )

    def _granted(self, context: Context, roles: Roles) -> Scope:
        grants = [grant for grant in context.grants if self.capability in roles.get(grant.role, ())]
        if not grants or context.organisation_id is None:
            raise Refused("forbidden", f"no role of the caller has the capability {self.capability}")
        return Scope(
            context.organisation_id,
            centre_ids=_places(grants, "centre_id"),
            cash_office_ids=_places(grants, "cash_office_id"),
        )


def own_family() -> Needs:
    """A person through the gateway, for the family of the membership that is consulted."""
    return Needs({GATEWAY: ("person",)}, family=True)


def own_account() -> Needs:
    """A person through the gateway, whatever their membership: for what belongs to the account itself."""
    return Needs({GATEWAY: ("person",)})


def may(capability: str) -> Needs:
    """A member of staff through the gateway, one of whose grants gives `capability`, where it holds."""
    return Needs({GATEWAY: ("person",)}, capability=capability)


def anonymous() -> Needs:
    """Somebody who has not logged in, through the gateway, which finds the organisation by host or path."""
    return Needs({GATEWAY: ("anonymous",)})


def anybody() -> Needs:
    """Whoever comes through the gateway, logged in or not."""
    return Needs({GATEWAY: ("anonymous", "person")})


def from_service(*issuers: str) -> Needs:
    """One of these services, in the organisation of what it was asked or heard itself."""
    return Needs(dict.fromkeys(issuers, ("service",)))


def _places(
    grants: Collection[Grant], place: Literal["centre_id", "cash_office_id"]
) -> frozenset[str] | None:
    """The places that the grants name; None, which is all, where one of them names none."""
    named = [getattr(grant, place) for grant in grants]
    return None if None in named else frozenset(named)
