"""Where an account belongs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Membership:
    """Where an account belongs: a family of an organisation, roles among its staff, or both."""

    organisation_id: str
    family_id: str | None = None
    guardian_id: str | None = None
    roles: tuple[str, ...] = ()
    centre_ids: tuple[str, ...] = ()
