"""A person and how they log in."""

from dataclasses import dataclass

from identity.memberships.model import Membership
from identity.throttle.model import Device


@dataclass(frozen=True, slots=True)
class Account:
    """One person. `login` is normalised and unique over all organisations.

    `language_sequence` counts how often they chose their language: 0 while it is as a file said.
    """

    id: str
    login: str
    first_name: str
    last_name: str
    language: str
    password_hash: str
    memberships: tuple[Membership, ...] = ()
    devices: tuple[Device, ...] = ()
    language_sequence: int = 0

    @property
    def display_name(self) -> str:
        """Name the person as the header of a page does."""
        return f"{self.first_name} {self.last_name}"
