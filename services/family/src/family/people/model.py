"""People: what tells one person from all others, and the adults of a file."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Sex(StrEnum):
    """As the civil registry has it."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class Pivot:
    """The fields by which the civil registry tells people apart; what is not known is absent.

    `birth_place` and `birth_country` are codes of the official geographic code (INSEE): a commune, empty for
    who was born abroad, and a country.
    """

    birth_name: str | None = None
    first_names: tuple[str, ...] = ()
    sex: Sex | None = None
    born_on: date | None = None
    birth_place: str | None = None
    birth_country: str | None = None


UNKNOWN = Pivot()
"""Nothing is known of a person but the everyday name."""


@dataclass(frozen=True, slots=True)
class Guardian:
    """An adult of a file. `payer` says whether its bills go to them.

    A person stands once in an organisation, under the reference by which it knows them.
    """

    id: str
    organisation_id: str
    reference: str
    family_id: str
    first_name: str
    last_name: str
    email: str | None = None
    phone: str | None = None
    payer: bool = False
    pivot: Pivot = UNKNOWN
