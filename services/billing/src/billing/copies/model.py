"""What billing remembers of a family (its name, how to reach its guardians) and of who issues documents."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """A guardian, by name and mail address, as far as family told of them."""

    guardian_id: str | None = None
    name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """A family as billing knows it; without a name and contacts while family has told nothing."""

    name: str = ""
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose documents families get: its name, its colour, and where it is found; empty until it was told."""

    name: str = ""
    colour: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays: the address that the provider asks for, and the name for the history."""

    email: str
    name: str
