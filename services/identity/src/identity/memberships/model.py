"""Where an account belongs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grant:
    """A role of a member of staff: everywhere in the organisation, or at one centre or one cash office."""

    role: str
    centre_id: str | None = None
    cash_office_id: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """What an account is in an organisation: a guardian of a family, or staff with grants, never both.

    An account may have several, also two in one organisation. A session consults one.
    """

    id: str
    organisation_id: str
    family_id: str | None = None
    guardian_id: str | None = None
    grants: tuple[Grant, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """Return the roles that are granted somewhere, each once."""
        return tuple(dict.fromkeys(grant.role for grant in self.grants))

    @property
    def centre_ids(self) -> tuple[str, ...]:
        """Return the centres at which something is granted, each once."""
        return tuple(dict.fromkeys(grant.centre_id for grant in self.grants if grant.centre_id))
