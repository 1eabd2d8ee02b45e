"""The adults of a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guardian:
    """A legal guardian, who belongs to one file; `payer` says whether bills go to them."""

    id: str
    organisation_id: str
    reference: str
    family_id: str
    first_name: str
    last_name: str
    email: str | None = None
    phone: str | None = None
    payer: bool = False
